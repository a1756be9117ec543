/**
 * Internal: what a family is loaded from.
 *
 * <p>{@link io.lanewise.family.load.LayerSource} holds the settings and the weights. {@link
 * io.lanewise.family.load.FamilySettings} and {@link io.lanewise.family.load.BertConfig} read the
 * settings that several families have, {@link io.lanewise.family.load.OldNames} knows those under
 * older names, {@link io.lanewise.family.load.PrunedHeads} the attention heads that layers have
 * lost.
 *
 * <p>Uses {@code nn} and {@code checkpoint}. Next: {@code family.input}.
 */
@NullMarked
package io.lanewise.family.load;

import org.jspecify.annotations.NullMarked;
