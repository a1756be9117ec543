#!/usr/bin/env python3
"""Makes src/test/resources/tasks/generation: tiny random checkpoints with tokenizers, and what
transformers' pipelines, generate() and losses say about them.

Every count in a checkpoint differs
from every other, so that no mix-up hides. Each folder is what save_pretrained writes, with
cases.json beside it:

  pipeline   a pipeline's texts for one input; "settings" are given to the call, or to the
             pipeline's constructor where "made_with" holds them
  generate   ids and sequences_scores of generate()
  warp       scores before and after the processors that sampling applies
  causal     log-probabilities of each token but the first, and exp(loss)
  masked     log-probabilities of each token that is not special, with a mask in its place
"""

import math

import torch
import transformers
from tokenizers import decoders, models, processors
from transformers import (
    AlbertConfig,
    AlbertForMaskedLM,
    AlbertTokenizerFast,
    BartConfig,
    BartForCausalLM,
    BartForConditionalGeneration,
    BartTokenizerFast,
    BertConfig,
    BertForMaskedLM,
    BertLMHeadModel,
    BertTokenizerFast,
    RobertaConfig,
    RobertaForCausalLM,
    RobertaTokenizerFast,
    pipeline,
)

import common
import golden
import tiny_tokenizers

CORPUS = """The ship left the harbour at dawn, and nobody on the pier waved. It didn't matter: the captain had seen worse.
"Where are we going?" asked the boy. "South," said the cook, "where the winds are warm and the fish don't bite."
After three days they saw land. It was only a grey line, but the boy couldn't look away. He's sure he heard bells.
The old lighthouse keeper counts the waves; there are always more of them. We're all counting something, he says.
Bread costs two coins, salt costs one. I've never paid for water, and they've never asked me to.
In the morning the market opens with a cry, and in the evening it closes with a song!
Snow fell on the hills while the river, quiet and slow, carried leaves to the sea.""".split("\n")


COMMITTED = common.RESOURCES / "tasks/generation"


def trained(name, make):
    return tiny_tokenizers.kept(COMMITTED / name, make)


def wordpiece(size):
    return BertTokenizerFast(tokenizer_object=tiny_tokenizers.word_piece(CORPUS, size), do_lower_case=True)


def byte_level(kind, size, longest):
    tokenizer = tiny_tokenizers.byte_pairs(CORPUS, size)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(sep=("</s>", 2), cls=("<s>", 0), add_prefix_space=False)
    return kind(tokenizer_object=tokenizer, model_max_length=longest)


def unigram(size):
    return AlbertTokenizerFast(tokenizer_object=tiny_tokenizers.unigram(models.Unigram(), CORPUS, size, split_at_blanks=False))


class Folder:
    def __init__(self, root, name, model, tokenizer):
        self.path = root / name
        self.path.mkdir()
        model.eval().save_pretrained(self.path)
        tokenizer.save_pretrained(self.path)
        tiny_tokenizers.take_kept(COMMITTED / name, self.path)
        self.model, self.tokenizer, self.cases = type(model).from_pretrained(self.path), tokenizer, []

    def pipeline(self, task, text, settings=None, made_with=None):
        """Greedy or with beams: what is drawn cannot be compared, unless nothing is left to chance."""
        asked = settings or {}
        run = pipeline(task, model=str(self.path), tokenizer=str(self.path), device="cpu", **(made_with or {}))
        if "stop_strings" in asked:
            asked = asked | {"tokenizer": self.tokenizer}
        key = {"summarization": "summary"}.get(task, "generated")
        texts = [each[f"{key}_text"] for each in run(text, **asked)]
        self.cases.append(
            {"kind": "pipeline", "task": task, "text": text, "settings": settings or {}, "texts": texts}
            | ({"made_with": made_with} if made_with else {})
        )

    def generate(self, ids, settings):
        asked = dict(settings)
        if "stop_strings" in asked:  # as generate() does it, which gives BART's forward a tokenizer too
            stop = transformers.StopStringCriteria(self.tokenizer, asked.pop("stop_strings"))
            asked["stopping_criteria"] = transformers.StoppingCriteriaList([stop])
        result = self.model.generate(
            torch.tensor(ids), return_dict_in_generate=True, output_scores=True, **asked
        )
        case = {"kind": "generate", "ids": ids, "settings": settings, "sequences": result.sequences.tolist()}
        if getattr(result, "sequences_scores", None) is not None:
            scores = result.sequences_scores.tolist()
            case["scores"] = [score if math.isfinite(score) else None for score in scores]
        self.cases.append(case)

    def warp(self, tokens, scores, settings, written=None):
        """Scores after a prompt and what has been written behind it, as all processors leave them."""
        config = transformers.GenerationConfig(eos_token_id=2, do_sample=True, max_length=19, **settings)
        self.model._prepare_special_tokens(config, True, device="cpu")
        listed = self.model._get_logits_processor(config, len(tokens), encoder_input_ids=torch.tensor([tokens]))
        after = listed(torch.tensor([tokens + (written or [])]), torch.tensor([scores]))[0].tolist()
        after = [None if value == float("-inf") else value for value in after]
        self.cases.append(
            {"kind": "warp", "tokens": tokens, "scores": scores, "settings": settings, "after": after}
            | ({"written": written} if written else {})
        )

    def causal(self, text):
        ids = self.tokenizer(text, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            if isinstance(self.model, BartForCausalLM):  # the one that leaves shifting to the caller
                labels = torch.cat([ids[:, 1:], torch.tensor([[-100]])], 1)
            else:
                labels = ids
            output = self.model(ids, labels=labels)
        logs = output.logits[0, :-1].log_softmax(-1).gather(1, ids[0, 1:, None])[:, 0]
        self.cases.append(
            {
                "kind": "causal",
                "text": text,
                "ids": ids[0, 1:].tolist(),
                "logs": logs.tolist(),
                "perplexity": output.loss.exp().item(),
            }
        )

    def masked(self, text):
        encoding = self.tokenizer(text, return_special_tokens_mask=True)
        ids, logs, own = encoding["input_ids"], [], []
        for at, special in enumerate(encoding["special_tokens_mask"]):
            if not special:
                hidden = ids[:at] + [self.tokenizer.mask_token_id] + ids[at + 1 :]
                with torch.no_grad():
                    logits = self.model(torch.tensor([hidden])).logits[0, at]
                own.append(ids[at])
                logs.append(logits.log_softmax(-1)[ids[at]].item())
        self.cases.append({"kind": "masked", "text": text, "ids": own, "logs": logs})

    def write(self):
        (self.path / "cases.json").write_text(common.json_list(self.cases) + "\n")


def loud(model, factor):
    """Weights so large that texts are not all alike, and no two tokens are equally good."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() == 2:
                weight.mul_(factor)
            elif "norm" not in name.lower():
                weight.normal_(0, 0.3)
    return model


def readable(bias, tokenizer):
    """Tokens that are no whole characters become rare."""
    with torch.no_grad():
        for token in range(len(tokenizer)):
            if "\ufffd" in tokenizer.decode([token]):
                bias.view(-1)[token] -= 6
    return bias


def bert_lm(root):
    torch.manual_seed(11)
    tokenizer = trained("bert-lm", lambda: wordpiece(151))
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=20, num_hidden_layers=3, num_attention_heads=4,
        intermediate_size=27, max_position_embeddings=61, type_vocab_size=2, is_decoder=True,
        bos_token_id=2, eos_token_id=3, pad_token_id=0,
    )  # fmt: skip
    folder = Folder(root, "bert-lm", loud(BertLMHeadModel(config), 12), tokenizer)
    greedy = {"do_sample": False, "max_new_tokens": 17}
    for text in ["The ship left", "We're counting; the winds didn't", "i'm , in the market ."]:
        folder.pipeline("text-generation", text, greedy)
        folder.pipeline("text-generation", text, greedy | {"return_full_text": False})
        folder.pipeline("text-generation", text, greedy | {"clean_up_tokenization_spaces": False})
        folder.pipeline("text-generation", text, greedy | {"add_special_tokens": False})
    folder.pipeline("text-generation", "Bread costs", {"top_k": 1, "max_new_tokens": 13})
    folder.pipeline("text-generation", "Bread costs", greedy | {"num_beams": 3, "num_return_sequences": 2})
    folder.pipeline("text-generation", "Bread costs", {"do_sample": False}, {"max_length": 15})
    prompt = [tokenizer("the boy heard bells")["input_ids"]]
    for settings in [
        {"bad_words_ids": [[9], [31, 17], [3]]},
        {"num_beams": 3, "num_return_sequences": 3, "length_penalty": 0.3},
        {"num_beams": 4, "num_return_sequences": 2, "repetition_penalty": 1.7, "no_repeat_ngram_size": 2},
    ]:
        folder.generate(prompt, settings | {"max_new_tokens": 14, "do_sample": False})
    first = folder.model.generate(torch.tensor(prompt), do_sample=False, max_new_tokens=3)[0, -3:].tolist()
    for settings in [
        {"suppress_tokens": first[:2], "begin_suppress_tokens": [first[2]]},
        {"encoder_no_repeat_ngram_size": 2, "encoder_repetition_penalty": 0.6},
        {"encoder_repetition_penalty": 4.0, "num_beams": 3},
        {"exponential_decay_length_penalty": [2, 1.6], "num_beams": 2},
        {"sequence_bias": [[[first[0]], -7.0], [prompt[0][-2:] + [9], 12.0]], "num_beams": 2, "renormalize_logits": True},
        {"max_time": 0.0, "num_beams": 2},
    ]:  # fmt: skip
        folder.generate(prompt, settings | {"max_new_tokens": 11, "do_sample": False})
    for text in ["The ship left the harbour.", "nobody waved", "salt"]:
        folder.causal(text)
    folder.write()


def roberta_lm(root):
    torch.manual_seed(12)
    tokenizer = trained("roberta-lm", lambda: byte_level(RobertaTokenizerFast, 317, 67))
    config = RobertaConfig(
        vocab_size=len(tokenizer), hidden_size=18, num_hidden_layers=2, num_attention_heads=3,
        intermediate_size=29, max_position_embeddings=71, type_vocab_size=1, is_decoder=True,
        bos_token_id=0, eos_token_id=2, pad_token_id=1,
    )  # fmt: skip
    model = loud(RobertaForCausalLM(config), 12)
    readable(model.lm_head.bias, tokenizer)
    folder = Folder(root, "roberta-lm", model, tokenizer)
    greedy = {"do_sample": False, "max_new_tokens": 23}
    for text in ["The ship left", " the fish don't", "Snow\u00e9 \U0001f40b"]:
        folder.pipeline("text-generation", text, greedy)
        folder.pipeline("text-generation", text, greedy | {"return_full_text": False})
    text = folder.cases[0]["texts"][0][len("The ship left") :]
    inside = text[5:9]
    folder.pipeline("text-generation", "The ship left", greedy | {"stop_strings": [inside]})
    folder.pipeline("text-generation", "The ship left", greedy | {"stop_strings": ["zzzz", text[9:11]]})
    folder.pipeline(
        "text-generation", "The ship left", greedy | {"num_beams": 3, "num_return_sequences": 3, "stop_strings": [text[2:4]]}
    )
    prompt = [tokenizer("where the winds")["input_ids"]]
    first = folder.model.generate(torch.tensor(prompt), do_sample=False, max_new_tokens=5)[0, -5:].tolist()
    for settings in [
        {"bad_words_ids": [[first[0]], [first[1], first[2]]]},
        {"num_beams": 5, "num_return_sequences": 4, "early_stopping": True},
        {"num_beams": 2, "num_return_sequences": 2, "bad_words_ids": [[first[0]]], "min_new_tokens": 6},
    ]:
        folder.generate(prompt, settings | {"max_new_tokens": 12, "do_sample": False})
    torch.manual_seed(5)
    tokens = [0, 17, 33, 17]
    for settings in [
        {"top_k": 7}, {"top_k": 0, "top_p": 0.8}, {"top_k": 0, "min_p": 0.1}, {"temperature": 0.6, "top_k": 9, "top_p": 0.7},
        {"top_k": 0, "typical_p": 0.6}, {"top_k": 0, "epsilon_cutoff": 0.02}, {"top_k": 0, "eta_cutoff": 0.05},
        {"temperature": 1.9, "top_k": 20, "top_p": 0.95, "min_p": 0.05, "repetition_penalty": 1.4},
        {"top_k": 1, "num_beams": 3}, {"top_k": 0, "top_p": 0.01, "num_beams": 3}, {"top_k": 0, "min_p": 1.0, "num_beams": 3},
        {"top_k": 0, "typical_p": 0.01, "num_beams": 3}, {"top_k": 0, "epsilon_cutoff": 0.9, "num_beams": 3},
        {"temperature": 0.8, "bad_words_ids": [[21], [17, 5]], "min_new_tokens": 3, "top_k": 11, "eta_cutoff": 0.2},
    ]:  # fmt: skip
        folder.warp(tokens, (torch.randn(41) * 2).tolist(), settings)
    for settings, written in [
        ({"sequence_bias": [[[5], 1.5], [[17, 9], -2.0], [[33, 17, 9], 0.7], [[4, 17, 33, 17, 9], 40.0], [[5], 2.5]]}, []),
        ({"sequence_bias": [[[6, 7], 3.0], [[7], -0.5], [[9, 6, 7], 1.25]]}, [9, 6]),
        ({"encoder_repetition_penalty": 2.5}, [4]),
        ({"encoder_repetition_penalty": 0.4, "repetition_penalty": 1.3}, [17, 8]),
        ({"encoder_no_repeat_ngram_size": 1}, [8]),
        ({"encoder_no_repeat_ngram_size": 2}, [33]),
        ({"encoder_no_repeat_ngram_size": 3, "no_repeat_ngram_size": 2}, [17, 33]),
        ({"encoder_no_repeat_ngram_size": 9}, []),
        ({"exponential_decay_length_penalty": [2, 1.4]}, [8, 9]),
        ({"exponential_decay_length_penalty": [2, 1.4]}, [8, 9, 10, 11, 12]),
        ({"exponential_decay_length_penalty": [1, 0.5]}, [8, 9, 10]),
        ({"suppress_tokens": [3, 5, -1, 99, 40]}, [8]),
        ({"begin_suppress_tokens": [3, 5, 40]}, []),
        ({"begin_suppress_tokens": [3, 5, 40]}, [8]),
        ({"renormalize_logits": True, "top_k": 6, "bad_words_ids": [[4]]}, [8]),
        ({"remove_invalid_values": True, "suppress_tokens": [7], "bad_words_ids": [[4]]}, [8]),
        ({"remove_invalid_values": True, "exponential_decay_length_penalty": [0, 1.2], "min_new_tokens": 9}, [8]),
        ({"sequence_bias": [[[5], 1.5]], "encoder_repetition_penalty": 1.7, "repetition_penalty": 1.2,
          "no_repeat_ngram_size": 2, "encoder_no_repeat_ngram_size": 3, "bad_words_ids": [[11]], "min_new_tokens": 2,
          "exponential_decay_length_penalty": [1, 1.1], "suppress_tokens": [12, 13], "begin_suppress_tokens": [14],
          "temperature": 0.8, "top_p": 0.9, "renormalize_logits": True}, [17, 33, 6]),
    ]:  # fmt: skip
        folder.warp(tokens, (torch.randn(41) * 2).tolist(), {"top_k": 0} | settings, written)
    for text in ["The ship left the harbour.", "He's \u00e9 \U0001f40b"]:
        folder.causal(text)
    folder.write()


def bart_config(tokenizer, encoder_layers, **more):
    return BartConfig(
        vocab_size=len(tokenizer), d_model=20, encoder_layers=encoder_layers, decoder_layers=3, encoder_attention_heads=5,
        decoder_attention_heads=4, encoder_ffn_dim=22, decoder_ffn_dim=26, max_position_embeddings=59, **more
    )  # fmt: skip


def bart_lm(root):
    torch.manual_seed(13)
    tokenizer = trained("bart-lm", lambda: byte_level(BartTokenizerFast, 307, 53))
    config = bart_config(tokenizer, 6, forced_eos_token_id=None)  # 4.57 sizes the cache by the encoder
    config.prefix = "Once, "
    folder = Folder(root, "bart-lm", loud(BartForCausalLM(config), 12), tokenizer)
    for text in ["the cook", "In the morning the market"]:
        folder.pipeline("text-generation", text, {"do_sample": False, "max_new_tokens": 15})
        folder.pipeline("text-generation", text, {"do_sample": False}, {"max_length": 14})
    folder.causal("The old lighthouse keeper counts the waves")
    folder.write()


def bart(root):
    torch.manual_seed(14)
    tokenizer = trained("bart", lambda: byte_level(BartTokenizerFast, 311, 53))
    config = bart_config(
        tokenizer,
        2,
        task_specific_params={
            "summarization": {"prefix": "sum: ", "num_beams": 3, "length_penalty": 2.0, "min_length": 7,
                              "no_repeat_ngram_size": 3, "early_stopping": True},
            "text2text-generation": {"num_beams": 2, "unknown_key": 1},
        },
    )  # fmt: skip
    model = loud(BartForConditionalGeneration(config), 12)
    readable(model.final_logits_bias, tokenizer)
    model.generation_config.max_length = 31
    model.generation_config.num_beams = 5
    folder = Folder(root, "bart", model, tokenizer)
    texts = ["The ship left the harbour at dawn, and nobody waved.", "Bread costs two coins!", "It didn't matter"]
    for text in texts:
        folder.pipeline("summarization", text)
        folder.pipeline("summarization", text, {"max_length": 12, "min_length": 4})
        folder.pipeline("text2text-generation", text)
        folder.pipeline("text2text-generation", text, {"num_beams": 1, "max_new_tokens": 11})
        folder.pipeline("text2text-generation", text, {"num_beams": 1, "clean_up_tokenization_spaces": True})
        folder.pipeline("text2text-generation", text, {"num_beams": 4, "num_return_sequences": 3})
    plain = folder.model.generate(torch.tensor([tokenizer(texts[0])["input_ids"]]), num_beams=1, max_new_tokens=12)
    text = tokenizer.decode(plain[0], skip_special_tokens=True)
    for settings in [{"num_beams": 1}, {"num_beams": 3, "num_return_sequences": 3}]:
        stop = settings | {"stop_strings": [text[4:7], text[1:3]], "max_length": 16}
        folder.generate([tokenizer(texts[0])["input_ids"]], stop)
    ids = [tokenizer(texts[1])["input_ids"]]
    for settings in [
        {"num_beams": 4, "num_return_sequences": 4, "early_stopping": "never", "length_penalty": 1.3},
        {"num_beams": 3, "num_return_sequences": 3, "bad_words_ids": [[plain[0, 2].item()]], "early_stopping": True},
        {"num_beams": 1, "bad_words_ids": [[plain[0, 2].item()], [9, 8, 7]]},
        {"num_beams": 3, "num_return_sequences": 2, "forced_bos_token_id": 40, "no_repeat_ngram_size": 2},
    ]:
        folder.generate(ids, settings | {"max_length": 17})
    token = [each.item() for each in plain[0]]
    own = [
        {"suppress_tokens": [token[1], token[2]]},
        {"suppress_tokens": [2]},
        {"begin_suppress_tokens": [token[1], 2]},
        {"begin_suppress_tokens": [token[2]], "forced_bos_token_id": 40},
        {"encoder_no_repeat_ngram_size": 1},
        {"encoder_no_repeat_ngram_size": 2},
        {"encoder_repetition_penalty": 3.0},
        {"encoder_repetition_penalty": 0.3},
        {"exponential_decay_length_penalty": [3, 1.3]},
        {"exponential_decay_length_penalty": [3, 1.3], "min_length": 9, "early_stopping": True},
        {"exponential_decay_length_penalty": [3, 1.3], "min_length": 9, "remove_invalid_values": True},
        {"sequence_bias": [[[token[1]], -9.0], [[token[3], token[4]], 6.0], [[5, 9], 3.5]]},
        {"renormalize_logits": True, "no_repeat_ngram_size": 1},
        {"remove_invalid_values": True, "no_repeat_ngram_size": 2, "bad_words_ids": [[token[1]]]},
        {"max_time": 0.0},
        {"max_time": 1000.0},
        {"sequence_bias": [[[token[1]], -4.0]], "encoder_repetition_penalty": 1.4, "repetition_penalty": 1.2,
         "encoder_no_repeat_ngram_size": 2, "no_repeat_ngram_size": 2, "bad_words_ids": [[token[2]]], "min_length": 4,
         "exponential_decay_length_penalty": [6, 1.1], "suppress_tokens": [7], "begin_suppress_tokens": [8],
         "remove_invalid_values": True, "renormalize_logits": True},
    ]  # fmt: skip
    for settings in own:
        # Where no token is left for the last place, generate() takes token 0 or any of the beams, and
        # where the end is no number any more, any of the beams, too: only texts are alike then.
        left = settings.get("suppress_tokens") != [2]
        if left:
            folder.generate(ids, {"num_beams": 1} | settings | {"max_length": 17})
        tie = {"exponential_decay_length_penalty", "min_length"} <= settings.keys() and "sequence_bias" not in settings
        if left and not tie:
            folder.generate(ids, {"num_beams": 3} | settings | {"max_length": 17})
    for settings in own[:1] + own[4:8] + own[11:12] + [{"suppress_tokens": [2], "num_beams": 1}]:
        folder.pipeline("summarization", texts[0], settings | {"max_length": 14})
    folder.write()


def masked(root):
    torch.manual_seed(15)
    tokenizer = trained("bert-mlm", lambda: wordpiece(149))
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=20, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=25, max_position_embeddings=37, pad_token_id=0,
    )  # fmt: skip
    folders = [Folder(root, "bert-mlm", loud(BertForMaskedLM(config), 8), tokenizer)]
    tokenizer = trained("albert-mlm", lambda: unigram(139))
    config = AlbertConfig(
        vocab_size=len(tokenizer), embedding_size=12, hidden_size=20, num_hidden_layers=3, num_attention_heads=5,
        intermediate_size=23, max_position_embeddings=41, pad_token_id=0, bos_token_id=2, eos_token_id=3,
    )  # fmt: skip
    folders.append(Folder(root, "albert-mlm", loud(AlbertForMaskedLM(config), 8), tokenizer))
    for folder in folders:
        for text in ["The ship left the harbour.", "Salt costs one", "we're", ""]:
            folder.masked(text)
        folder.write()


def make(out):
    for kind in [BertLMHeadModel, RobertaForCausalLM]:
        golden.without_positions(kind)
    for each in [bert_lm, roberta_lm, bart_lm, bart, masked]:
        each(out)


if __name__ == "__main__":
    common.main(__doc__, make, "tasks/generation", ["torch", "transformers", "tokenizers"])
