/**
 * What README.md and the pages of {@code src/docs} say is so: their examples are tried, their links
 * lead somewhere.
 *
 * <p>{@link io.lanewise.pages.Pages} reads them. {@code ReadmeTest}, beside the command line, runs
 * and compiles the examples; {@code PagesTest} sees that none is left out.
 */
package io.lanewise.pages;
