package io.lanewise.serve.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.model.ServedModel;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.task.Embedder;
import io.lanewise.text.Excerpt;
import io.lanewise.tokenizer.Encoding;
import java.util.List;

/** {@code /tokenize} and {@code /decode} of text-embeddings-inference, of any model. */
record TokenRoutes(ServedModels models) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int SHOWN = 40;

  List<Route> routes() {
    return List.of(
        Route.post("/tokenize", call -> tokenize(call, call.fields())),
        Route.post("/decode", call -> decode(call, call.fields())));
  }

  Answer tokenize(Call call, Fields fields) {
    var model = models.choose(fields.optionalText("model"));
    call.answeredBy(model.name());
    var inputs = fields.textOrTexts("inputs");
    if (inputs.isEmpty()) {
      throw TextInputs.empty("inputs");
    }
    TextInputs.checkCount(inputs.size(), model);
    var tokenizer = model.texts().tokenizer();
    var options = tokenizer.options().withAddSpecialTokens(fields.flag("add_special_tokens", true));
    var prompt = prompt(fields, model);
    var answers = JSON.arrayNode();
    for (var input : inputs) {
      var text = prompt + input;
      answers.add(tokens(text, tokenizer.encode(text, options)));
    }
    return Answer.json(answers);
  }

  private static String prompt(Fields fields, ServedModel model) {
    var name = fields.optionalText("prompt_name");
    if (name.isEmpty()) {
      return model.task() instanceof Embedder embedder ? embedder.prompt() : "";
    }
    if (model.task() instanceof Embedder embedder && embedder.prompts().containsKey(name.get())) {
      return embedder.prompts().get(name.get());
    }
    throw Refusal.invalid(
        "`prompt_name` " + Excerpt.beginning(name.get(), SHOWN) + " is none of this model's");
  }

  /** The tokens of a text; places are bytes of its UTF-8. */
  private static ArrayNode tokens(String text, Encoding encoding) {
    var places = places(text);
    var tokens = JSON.arrayNode();
    for (int i = 0; i < encoding.length(); i++) {
      boolean special = encoding.specialTokensMask()[i] == 1;
      int start = encoding.starts()[i];
      int end = encoding.ends()[i];
      var token = tokens.addObject().put("id", encoding.ids()[i]);
      token.put("text", special ? encoding.token(i) : text.substring(start, end));
      token.put("special", special);
      if (special) {
        token.putNull("start").putNull("stop");
      } else {
        token.put("start", places[start]).put("stop", places[end]);
      }
    }
    return tokens;
  }

  /** For each UTF-16 unit of a text, and its end, how many bytes of UTF-8 come before. */
  private static int[] places(String text) {
    var places = new int[text.length() + 1];
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      int size = Character.toString(point).getBytes(UTF_8).length;
      for (int unit = 0; unit < Character.charCount(point); unit++) {
        places[i + unit] = bytes;
      }
      bytes += size;
      i += Character.charCount(point);
    }
    places[text.length()] = bytes;
    return places;
  }

  Answer decode(Call call, Fields fields) {
    var model = models.choose(fields.optionalText("model"));
    call.answeredBy(model.name());
    var lists = fields.list("ids");
    if (lists.isEmpty()) {
      throw TextInputs.empty("ids");
    }
    boolean skip = fields.flag("skip_special_tokens", true);
    var tokenizer = model.texts().tokenizer();
    var answers = JSON.arrayNode();
    if (!lists.get(0).isArray()) {
      return Answer.json(answers.add(tokenizer.decode(TextInputs.ids(lists, "ids", model), skip)));
    }
    TextInputs.checkCount(lists.size(), model);
    for (var list : lists) {
      if (!list.isArray()) {
        throw Refusal.invalid("`ids` must be a list of token ids, or a list of such lists");
      }
      answers.add(tokenizer.decode(TextInputs.ids(list, "ids", model), skip));
    }
    return Answer.json(answers);
  }
}
