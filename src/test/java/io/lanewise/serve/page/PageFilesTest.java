package io.lanewise.serve.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page as files; {@code tools/check-playground} uses it in a browser. */
class PageFilesTest {
  private static final Path FOLDER = Path.of("src/main/resources/io/lanewise/serve/page");

  private final PageFiles files = PageFiles.load();

  @Test
  void everyFileOfThePageCanBeAskedFor() throws IOException {
    for (var name : names()) {
      if (!name.equals("index.html")) {
        var found = files.find("/page/" + name).orElseThrow();
        assertThat(found.content()).isEqualTo(Files.readAllBytes(FOLDER.resolve(name)));
      }
    }
    assertThat(files.find("/page/index.html")).isEmpty();
    assertThat(files.find("/page/../page.js")).isEmpty();
    assertThat(files.find("/page/")).isEmpty();
  }

  /** What the page and its scripts name is there, and nothing is sent that no one names. */
  @Test
  void whatIsNamedIsThere() {
    var named = new TreeSet<String>();
    matches("(?:src|href)=\"([^\"]+)\"", text("/")).forEach(name -> named.add("/" + name));
    for (var path : files.all().keySet()) {
      if (path.endsWith(".js")) {
        matches("from \"\\./([^\"]+)\"", text(path)).forEach(name -> named.add("/page/" + name));
      }
    }
    named.add("/");
    assertThat(named).containsExactlyInAnyOrderElementsOf(files.all().keySet());
  }

  @Test
  void theViewOfTheMapsStandsInThePage() {
    assertThat(text("/")).contains("id=\"large-title\"").doesNotContain("{{");
  }

  /** The policy forbids all of these, and a browser would leave them out in silence. */
  @Test
  void nothingStandsBetweenTheLines() {
    assertThat(text("/"))
        .doesNotContain("<style", " style=", "javascript:", "data:", "://")
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContainPattern(" on[a-z]+=");
    assertThat(PageFiles.POLICY).startsWith("default-src 'self';");
  }

  /** Answers and texts become text nodes. */
  @Test
  void noScriptMakesHtmlOfText() {
    for (var path : files.all().keySet()) {
      if (path.endsWith(".js")) {
        assertThat(text(path))
            .as(path)
            .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
            .doesNotContain("eval(", "new Function", "localStorage", "sessionStorage", "cookie")
            .doesNotContain("://");
      }
    }
  }

  @Test
  void filesHaveTheirTypes() {
    assertThat(files.find("/").orElseThrow().type()).isEqualTo("text/html; charset=utf-8");
    assertThat(files.find("/page/page.js").orElseThrow().type()).startsWith("text/javascript");
    assertThat(files.find("/page/page.css").orElseThrow().type()).startsWith("text/css");
    assertThat(files.find("/page/icon.svg").orElseThrow().type()).isEqualTo("image/svg+xml");
  }

  @Test
  void theSameFileHasTheSameTag() {
    var tags = files.all().values().stream().map(PageFile::tag).collect(Collectors.toSet());
    assertThat(tags).hasSameSizeAs(files.all().keySet());
    assertThat(PageFiles.load().find("/").orElseThrow().tag())
        .isEqualTo(files.find("/").orElseThrow().tag())
        .matches("\"[0-9a-f]{16}\"");
  }

  @Test
  void thePageIsSmall() throws IOException {
    long size = 0;
    for (var name : names()) {
      size += Files.size(FOLDER.resolve(name));
    }
    assertThat(size).isBetween(20_000L, 60_000L);
  }

  private static List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String text(String path) {
    return new String(files.find(path).orElseThrow().content(), UTF_8);
  }

  private static List<String> matches(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1)).toList();
  }
}
