package io.lanewise.serve.model;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.TaskOptions;
import java.util.Optional;

/**
 * A model that is to be served.
 *
 * @param name that requests call it by
 * @param task empty for what the folder is for
 */
public record ModelSource(
    String name, FolderSettings folder, Optional<ServedTask> task, TaskOptions options) {}
