package io.lanewise.pages;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.pages.Pages.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Nothing on a page is left untried, and all that it points to is there. */
class PagesTest {
  private static final Path DESIGN = Path.of("src", "docs", "design.md");

  /** Comments, and what is imported but may not be used. */
  private static final Pattern COMMENT =
      Pattern.compile("/\\*.*?\\*/|//[^\n]*|^import [^\n]*", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Path PLANTED = Path.of("src", "docs", "planted.md");

  @Test
  void everyExampleIsTried() throws IOException {
    var blocks = Pages.blocks();
    assertThat(blocks).hasSizeGreaterThan(50);
    assertThat(Tried.not(blocks)).isEmpty();
  }

  @Test
  void anExampleThatNothingTriesIsFound() {
    var text =
        """
        A page.

            tools/lanewise models

            $ tools/lanewise models
            $ tools/other
            shown

        ```bash
        mvn verify
        ```

        ```java
        int x = 1;
        ```
        """;
    assertThat(Tried.not(Pages.blocks(PLANTED, text)))
        .containsExactly(
            PLANTED + ":9: a block that is neither commands, Java nor XML",
            PLANTED + ":3: no line that begins with $",
            PLANTED + ":5: nothing runs tools/other");
  }

  @Test
  void whatTheTestsDoNotRunIsRunElsewhere() throws IOException {
    var shown = new HashSet<String>();
    Pages.commands(Pages.blocks()).forEach(command -> shown.add(command.line()));
    for (var entry : Tried.ELSEWHERE.entrySet()) {
      assertThat(shown).contains(entry.getKey());
      var file = entry.getValue().file();
      assertThat(file).content().as(entry.getKey()).contains(entry.getValue().words());
      if (file.startsWith("tools")) {
        assertThat(file).isExecutable();
      }
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    var pages = Stream.concat(Pages.all().stream(), others().stream()).toList();
    int links = 0;
    for (var page : pages) {
      var text = Files.readString(page);
      links += Links.of(text).size();
      assertThat(Links.broken(page, text)).isEmpty();
    }
    assertThat(links).isGreaterThan(150);
  }

  /** Pictures are few kilobytes each, since every clone carries them, and each is on a page. */
  @Test
  void picturesAreSmallAndShown() throws IOException {
    var shown = new HashSet<Path>();
    for (var page : Pages.all()) {
      for (var target : Links.of(Files.readString(page))) {
        if (target.endsWith(".png")) {
          shown.add(page.resolveSibling(target).normalize());
        }
      }
    }
    try (Stream<Path> files = Files.list(DESIGN.resolveSibling("images"))) {
      var pictures = files.toList();
      assertThat(pictures).hasSizeGreaterThan(2).allMatch(shown::contains, "shown on a page");
      for (var picture : pictures) {
        assertThat(Files.size(picture)).as(picture.toString()).isLessThan(60_000);
      }
    }
  }

  /** Each file of the walk names the next one in its code. */
  @Test
  void theWalkIsTrue() throws IOException {
    var design = Files.readString(DESIGN);
    int begin = design.indexOf("## A walk");
    var section = design.substring(begin, design.indexOf("\n## ", begin));
    var files =
        Links.of(section.lines().filter(line -> line.startsWith("|")).collect(joining("\n")));
    assertThat(files).hasSizeGreaterThan(8);
    for (int i = 1; i < files.size(); i++) {
      var file = DESIGN.resolveSibling(files.get(i - 1)).normalize();
      var next = Path.of(files.get(i)).getFileName().toString().replace(".java", "");
      var code = COMMENT.matcher(Files.readString(file)).replaceAll("");
      assertThat(code).as(file.toString()).containsPattern("\\b" + next + "\\b");
    }
  }

  @Test
  void brokenLinksAreFound() throws IOException {
    var text =
        """
        [here](design.md) [there](nowhere.md) [part](design.md#names) [no part](design.md#no-part)
        [out](https://example.org/x.md) [own](#a-heading) [not own](#another)

        ## A heading
        """;
    assertThat(Links.broken(PLANTED, text))
        .containsExactly(
            PLANTED + ": nowhere.md", PLANTED + ": design.md#no-part", PLANTED + ": #another");
  }

  /** Files of the project that the text names between backticks. */
  @Test
  void filesThatAreNamedAreThere() throws IOException {
    int named = 0;
    for (var page : Pages.all()) {
      var text = Files.readString(page);
      named += Links.namedFiles(text).size();
      assertThat(Links.namedFiles(text))
          .allSatisfy(file -> assertThat(Path.of(file)).as(page.toString()).exists());
    }
    assertThat(named).isGreaterThan(20);
    assertThat(Links.namedFiles("`tools/lanewise help VERB`, `src/no/such`, `goldens`"))
        .containsExactly("tools/lanewise", "src/no/such");
  }

  @Test
  void testsThatAreNamedAreThere() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      var tests =
          files
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
      for (var page : Pages.all()) {
        assertThat(tests).as(page.toString()).containsAll(Links.namedTests(Files.readString(page)));
      }
    }
  }

  /** A reader of README finds each page. */
  @Test
  void everyPageIsLinkedFromReadme() throws IOException {
    var targets = Links.of(Files.readString(Pages.README));
    assertThat(targets)
        .containsAll(
            Pages.all().stream()
                .filter(page -> !page.equals(Pages.README))
                .map(page -> page.toString().replace('\\', '/'))
                .toList());
  }

  @Test
  void readmeIsShort() throws IOException {
    assertThat(Files.readAllLines(Pages.README)).hasSizeLessThanOrEqualTo(200);
  }

  /** What an application writes into its POM is what this POM says. */
  @Test
  void theDependencyIsThisProject() throws Exception {
    var dependencies =
        Pages.blocks().stream().filter(block -> block.kind() == Kind.XML).map(Pages.Block::text);
    var pom = pom(Path.of("pom.xml"));
    var version = child(pom, "version");
    assertThat(dependencies)
        .containsExactly(
            """
            <dependency>
              <groupId>%s</groupId>
              <artifactId>%s</artifactId>
              <version>%s</version>
            </dependency>
            """
                .formatted(child(pom, "groupId"), child(pom, "artifactId"), version));
    try (Stream<Path> samples = Files.walk(Path.of("tools", "samples"))) {
      var poms = samples.filter(file -> file.endsWith("pom.xml")).toList();
      assertThat(poms).hasSizeGreaterThan(2);
      for (var sample : poms) {
        assertThat(sample).content().contains("<version>" + version + "</version>");
      }
    }
  }

  /** Central refuses a POM without any of these. */
  @Test
  void thePomSaysWhatCentralWants() throws Exception {
    var pom = pom(Path.of("pom.xml"));
    for (var name : List.of("name", "description", "url")) {
      assertThat(child(pom, name)).as(name).isNotBlank();
    }
    for (var name : List.of("license", "developer", "scm", "issueManagement")) {
      assertThat(pom.getElementsByTagName(name).getLength()).as(name).isPositive();
    }
    assertThat(pom.getElementsByTagName("connection").item(0).getTextContent())
        .startsWith("scm:git:");
  }

  private static Document pom(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  /** The text of an element that stands directly under {@code project}. */
  private static String child(Document pom, String name) {
    var children = pom.getDocumentElement().getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i).getNodeName().equals(name)) {
        return children.item(i).getTextContent();
      }
    }
    return "";
  }

  /** Pages that belong to one folder. */
  private static List<Path> others() throws IOException {
    var others =
        Stream.of("tools", "weights", "bindings", "src/test/CHECKLIST.md")
            .map(Path::of)
            .flatMap(PagesTest::markdown)
            .toList();
    assertThat(others).hasSizeGreaterThan(8);
    return others;
  }

  private static Stream<Path> markdown(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".md") && !file.toString().contains("target"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
