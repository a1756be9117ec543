#!/usr/bin/env python3
"""Makes src/test/resources/hub-folders: folders laid out file for file as models of the Hub are, and what Python answers for them.

Weights are tiny and random, vocabularies small and the project's own; names of files, their settings and the order of their keys
are those of the Hub. Files that nothing reads once the weights are found hold one line of text. Beside each folder lies NAME.json
with commands of Lanewise and what Python answers (hub_answers.py). io.lanewise.cli.HubFoldersTest compares.
"""

import numpy as np
import torch
import transformers as hf
from safetensors.numpy import save_file

import common
import hub_answers as answers
import tasks
from families import described
from families.golden import randomize, seed
from hub_tokenizers import BERT, MANY, byte_pairs, merges, sentence_piece, shrink, vocabulary, words, write
from tiny_tokenizers import BERT_SPECIALS

hf.logging.set_verbosity_error()

FILMS = ["a gripping , beautifully shot film", "The worst movie of the year!", "Rome"]
QUERIES = ["query: how tall is the mountain", "passage: It is 3,403 metres high.", "passage: The sky is blue; it began to rain…"]
SEARCH = ["search_query: capital of France", "search_document: Paris, in France.", "search_document: In Italy   pizza is served unsliced."]
PASSAGES = ["The sky is blue.", "It is 3,403 metres high.", "Pizza is eaten with a fork and a knife."]
UNREAD = "In the place of a file that is not read where model.safetensors is.\n"


# ---- Weights and modules


def weights(folder, cls, config, half=False):
    """The class's weights by the folder's name. config.json is the one given, not what this version of transformers makes of it."""
    write(folder / "config.json", config)
    model = cls(cls.config_class.from_pretrained(folder)).eval()
    seed(folder.name)
    randomize(model)
    (model.half() if half else model).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    write(folder / "config.json", config)
    return model


def modules(folder, longest, pooling, normalize, width, versions, prompts=None):
    kinds = ["Transformer", "Pooling"] + ["Normalize"] * normalize
    write(folder / "modules.json", [
        {"idx": i, "name": str(i), "path": "" if i == 0 else f"{i}_{kind}", "type": "sentence_transformers.models." + kind}
        for i, kind in enumerate(kinds)])
    write(folder / "1_Pooling/config.json", {
        "word_embedding_dimension": width, "pooling_mode_cls_token": pooling == "cls", "pooling_mode_mean_tokens": pooling == "mean",
        "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False})
    write(folder / "sentence_bert_config.json", {"max_seq_length": longest, "do_lower_case": False})
    if versions:
        write(folder / "config_sentence_transformers.json", {"__version__": versions, **(prompts or {})})


def unread(folder, *names):
    for name in names:
        write(folder / name, UNREAD)


# ---- The folders


def mpnet(folder):
    """The class of config.json is another than the saved one; tokenizer.json cuts and pads to a length of its own."""
    vocabulary(folder, ["<s>", "<pad>", "</s>", "<unk>", *BERT_SPECIALS], ["<mask>"])
    made = hf.MPNetTokenizerFast(str(folder / "vocab.txt"), unk_token="[UNK]")
    made.save_pretrained(folder)
    shrink(folder, truncation={"direction": "Right", "max_length": 16, "strategy": "LongestFirst", "stride": 0},
           padding={"strategy": {"Fixed": 16}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 1, "pad_type_id": 0,
                    "pad_token": "<pad>"},
           post_processor={"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True,
                           "add_prefix_space": False})
    specials = {**MANY, "mask_token": {**MANY["mask_token"]}, "unk_token": "[UNK]"}
    write(folder / "special_tokens_map.json", specials)
    write(folder / "tokenizer_config.json", {
        "do_lower_case": True, "bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>", "unk_token": "[UNK]",
        "pad_token": "<pad>", "mask_token": "<mask>", "tokenize_chinese_chars": True, "strip_accents": None, "model_max_length": 64,
        "special_tokens_map_file": None, "name_or_path": "microsoft/mpnet-base", "tokenizer_class": "MPNetTokenizer"})
    model = weights(folder, hf.MPNetModel, {
        "_name_or_path": "microsoft/mpnet-base", "architectures": ["MPNetForMaskedLM"], "attention_probs_dropout_prob": 0.1,
        "bos_token_id": 0, "eos_token_id": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 12,
        "initializer_range": 0.02, "intermediate_size": 20, "layer_norm_eps": 1e-05, "max_position_embeddings": 66,
        "model_type": "mpnet", "num_attention_heads": 3, "num_hidden_layers": 2, "pad_token_id": 1,
        "relative_attention_num_buckets": 32, "transformers_version": "4.8.2", "vocab_size": len(made)})
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    modules(folder, 48, "mean", True, 12, {"sentence_transformers": "2.0.0", "transformers": "4.6.1", "pytorch": "1.8.1"})
    write(folder / "data_config.json", [{"name": "stackexchange_title_title/superuser.com.jsonl.gz", "lines": 435463, "weight": 21}])
    unread(folder, "README.md", "train_script.py", "onnx/model.onnx", "openvino/openvino_model.xml")
    texts = [*FILMS, "in Italy <mask> it is eaten: " * 40]
    return [answers.embed(folder, texts), answers.similarity(folder, texts)]


def distilbert(folder):
    """vocab.txt alone, and weights for four frameworks."""
    vocabulary(folder, BERT_SPECIALS)
    write(folder / "tokenizer_config.json", {"model_max_length": 64, "do_lower_case": True})
    weights(folder, hf.DistilBertForSequenceClassification, {
        "activation": "gelu", "architectures": ["DistilBertForSequenceClassification"], "attention_dropout": 0.1, "dim": 12,
        "dropout": 0.1, "finetuning_task": "sst-2", "hidden_dim": 20, "id2label": {"0": "NEGATIVE", "1": "POSITIVE"},
        "initializer_range": 0.02, "label2id": {"NEGATIVE": 0, "POSITIVE": 1}, "max_position_embeddings": 64,
        "model_type": "distilbert", "n_heads": 3, "n_layers": 2, "output_past": True, "pad_token_id": 0, "qa_dropout": 0.1,
        "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": False, "tie_weights_": True, "transformers_version": "4.10.0.dev0",
        "vocab_size": len(words(BERT_SPECIALS))})
    unread(folder, "README.md", "pytorch_model.bin", "tf_model.h5", "rust_model.ot", "map.jpeg", "onnx/model.onnx")
    return [answers.classify(folder, FILMS), answers.classify(folder, FILMS, 2)]


def e5(folder):
    """A BERT whose tokenizer is XLM-RoBERTa's, of the slow class's file; its own padding id is not the tokenizer's."""
    pieces = sentence_piece(folder / "sentencepiece.bpe.model", ["<unk>", "<s>", "</s>"])
    write(folder / "special_tokens_map.json", MANY)
    write(folder / "tokenizer_config.json", {
        "bos_token": "<s>", "clean_up_tokenization_spaces": True, "cls_token": "<s>", "eos_token": "</s>",
        "mask_token": {"__type": "AddedToken", **MANY["mask_token"]}, "model_max_length": 64, "pad_token": "<pad>",
        "sep_token": "</s>", "sp_model_kwargs": {}, "tokenizer_class": "XLMRobertaTokenizer", "unk_token": "<unk>"})
    weights(folder, hf.BertModel, {
        "_name_or_path": "intfloat/multilingual-MiniLM-L12-H384", "architectures": ["BertModel"], "attention_probs_dropout_prob": 0.1,
        "classifier_dropout": None, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 12, "initializer_range": 0.02,
        "intermediate_size": 20, "layer_norm_eps": 1e-12, "max_position_embeddings": 64, "model_type": "bert",
        "num_attention_heads": 3, "num_hidden_layers": 2, "pad_token_id": 0, "position_embedding_type": "absolute",
        "tokenizer_class": "XLMRobertaTokenizer", "torch_dtype": "float32", "transformers_version": "4.29.2", "type_vocab_size": 2,
        "use_cache": True, "vocab_size": pieces + 38})
    modules(folder, 64, "mean", True, 12, None)
    unread(folder, "README.md", "pytorch_model.bin", "onnx/model.onnx", "openvino/openvino_model.xml")
    return [answers.embed(folder, QUERIES), answers.similarity(folder, QUERIES)]


def deberta(folder):
    """spm.model alone, a mask that is an added token, more rows than tokens, labels in another order than most; half precision."""
    pieces = sentence_piece(folder / "spm.model", ["[PAD]", "[CLS]", "[SEP]", "[UNK]"])
    write(folder / "added_tokens.json", {"[MASK]": pieces})
    write(folder / "special_tokens_map.json", {"bos_token": "[CLS]", "eos_token": "[SEP]", **BERT})
    write(folder / "tokenizer_config.json", {
        "do_lower_case": False, "bos_token": "[CLS]", "eos_token": "[SEP]", **BERT, "split_by_punct": False, "sp_model_kwargs": {},
        "vocab_type": "spm", "model_max_length": 64, "name_or_path": "microsoft/deberta-v3-base",
        "special_tokens_map_file": None, "tokenizer_class": "DebertaV2Tokenizer"})
    labels = ["entailment", "neutral", "contradiction"]
    weights(folder, hf.DebertaV2ForSequenceClassification, {
        "_name_or_path": "microsoft/deberta-v3-base", "architectures": ["DebertaV2ForSequenceClassification"],
        "attention_probs_dropout_prob": 0.1, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 12,
        "id2label": {str(i): label for i, label in enumerate(labels)}, "initializer_range": 0.02, "intermediate_size": 20,
        "label2id": {label: i for i, label in enumerate(labels)}, "layer_norm_eps": 1e-07, "max_position_embeddings": 64,
        "max_relative_positions": -1, "model_type": "deberta-v2", "norm_rel_ebd": "layer_norm", "num_attention_heads": 3,
        "num_hidden_layers": 2, "pad_token_id": 0, "pooler_dropout": 0, "pooler_hidden_act": "gelu", "pooler_hidden_size": 12,
        "pos_att_type": ["p2c", "c2p"], "position_biased_input": False, "position_buckets": 8, "relative_attention": True,
        "share_att_key": True, "torch_dtype": "float16", "transformers_version": "4.11.0.dev0", "type_vocab_size": 0,
        "vocab_size": pieces + 9}, half=True)
    unread(folder, "README.md", "pytorch_model.bin", "training_args.bin")
    texts = ["The match ended in a draw.", "In Italy pizza is served unsliced, and is eaten with a fork."]
    subjects = ["sports", "politics", "science or music"]
    return [answers.zero_shot(folder, texts, subjects), answers.zero_shot(folder, texts, subjects, "--multi-label", multi_label=True),
            answers.zero_shot(folder, texts, subjects[:2], "--template", "the {} .", hypothesis_template="the {} .")]


def modernbert_config(size, architecture, **more):
    return {
        "architectures": [architecture], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": size - 7,
        "classifier_activation": "gelu", "classifier_bias": False, "classifier_dropout": 0.0, "classifier_pooling": "mean",
        "cls_token_id": size - 7, "decoder_bias": True, "deterministic_flash_attn": False, "embedding_dropout": 0.0,
        "eos_token_id": size - 6, "global_attn_every_n_layers": 3, "global_rope_theta": 160000.0, "gradient_checkpointing": False,
        "hidden_activation": "gelu", "hidden_size": 12, "initializer_cutoff_factor": 2.0, "initializer_range": 0.02,
        "intermediate_size": 18, "layer_norm_eps": 1e-05, "local_attention": 8, "local_rope_theta": 10000.0,
        "max_position_embeddings": 8192, "mlp_bias": False, "mlp_dropout": 0.0, "model_type": "modernbert", "norm_bias": False,
        "norm_eps": 1e-05, "num_attention_heads": 3, "num_hidden_layers": 4, "pad_token_id": size - 5,
        "position_embedding_type": "absolute", "reference_compile": False, "repad_logits_with_grad": False,
        "sep_token_id": size - 6, "sparse_pred_ignore_index": -100, "sparse_prediction": False, "torch_dtype": "float32",
        "transformers_version": "4.48.0", "vocab_size": size + 11, **more}


def modernbert(architecture, pooling, normalize):
    def make_folder(folder):
        size = byte_pairs(folder)
        weights(folder, hf.ModernBertModel, modernbert_config(size, architecture))
        modules(folder, 8192, pooling, normalize, 12, {
            "sentence_transformers": "3.3.1", "transformers": "4.48.0", "pytorch": "2.5.1+cu121"},
            {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"})
        unread(folder, "README.md", "onnx/model.onnx")
        return [answers.embed(folder, SEARCH), answers.similarity(folder, SEARCH)]
    return make_folder


def reranker(folder):
    size = byte_pairs(folder)
    weights(folder, hf.ModernBertForSequenceClassification, modernbert_config(
        size, "ModernBertForSequenceClassification", id2label={"0": "LABEL_0"}, label2id={"LABEL_0": 0},
        sentence_transformers={"activation_fn": "torch.nn.modules.activation.Sigmoid", "version": "4.1.0"}), half=True)
    unread(folder, "README.md", "onnx/model.onnx")
    return [answers.rerank(folder, "how tall is the mountain?", PASSAGES)]


def electra(folder):
    """An old cross encoder: vocab.txt, one label, no word about sentence-transformers."""
    vocabulary(folder, BERT_SPECIALS)
    write(folder / "special_tokens_map.json", BERT)
    write(folder / "tokenizer_config.json", {
        "do_lower_case": True, **BERT, "tokenize_chinese_chars": True, "strip_accents": None, "model_max_length": 64,
        "special_tokens_map_file": None, "full_tokenizer_file": None, "name_or_path": "google/electra-base-discriminator",
        "do_basic_tokenize": True, "never_split": None})
    weights(folder, hf.ElectraForSequenceClassification, {
        "_name_or_path": "google/electra-base-discriminator", "architectures": ["ElectraForSequenceClassification"],
        "attention_probs_dropout_prob": 0.1, "embedding_size": 8, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 12,
        "id2label": {"0": "LABEL_0"}, "initializer_range": 0.02, "intermediate_size": 20, "label2id": {"LABEL_0": 0},
        "layer_norm_eps": 1e-12, "max_position_embeddings": 64, "model_type": "electra", "num_attention_heads": 3,
        "num_hidden_layers": 2, "pad_token_id": 0, "summary_activation": "gelu", "summary_last_dropout": 0.1, "summary_type": "first",
        "summary_use_proj": True, "type_vocab_size": 2, "vocab_size": len(words(BERT_SPECIALS))})
    unread(folder, "README.md", "pytorch_model.bin", "CEBinaryClassificationEvaluator_MS-Marco_results.csv")
    return [answers.rerank(folder, "how tall is the mountain?", PASSAGES)]


def squad(folder):
    vocabulary(folder, BERT_SPECIALS)
    hf.DistilBertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False).save_pretrained(folder)
    shrink(folder)
    (folder / "special_tokens_map.json").unlink()
    write(folder / "tokenizer_config.json", {"do_lower_case": False, "model_max_length": 64})
    weights(folder, hf.DistilBertForQuestionAnswering, {
        "activation": "gelu", "architectures": ["DistilBertForQuestionAnswering"], "attention_dropout": 0.1, "dim": 12, "dropout": 0.1,
        "hidden_dim": 20, "initializer_range": 0.02, "max_position_embeddings": 64, "model_type": "distilbert", "n_heads": 3,
        "n_layers": 2, "output_past": True, "pad_token_id": 0, "qa_dropout": 0.1, "seq_classif_dropout": 0.2,
        "sinusoidal_pos_embds": True, "tie_weights_": True, "vocab_size": len(words(BERT_SPECIALS))})
    unread(folder, "README.md", "pytorch_model.bin", "tf_model.h5", "rust_model.ot")
    return [answers.answer(folder, "the capital of france is paris. rome is in italy.", "where is rome?")]


def modernbert_fill(folder):
    size = byte_pairs(folder)
    weights(folder, hf.ModernBertForMaskedLM, modernbert_config(size, "ModernBertForMaskedLM"))
    unread(folder, "README.md", "pytorch_model.bin", "onnx/model.onnx")
    return [answers.fill(folder, "the capital of [MASK] is paris.", 4)]


def roberta_config(family, kind, size, **more):
    return {
        "architectures": [kind], "attention_probs_dropout_prob": 0.1, "bos_token_id": 0, "eos_token_id": 2, "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1, "hidden_size": 12, "initializer_range": 0.02, "intermediate_size": 20, "layer_norm_eps": 1e-05,
        "max_position_embeddings": 66, "model_type": family, "num_attention_heads": 3, "num_hidden_layers": 2, "output_past": True,
        "pad_token_id": 1, "type_vocab_size": 1, "vocab_size": size, **more}


def xlm_roberta(folder):
    """A folder as old ones are: config.json, weights, sentencepiece.bpe.model, and nothing else about the tokenizer."""
    pieces = sentence_piece(folder / "sentencepiece.bpe.model", ["<unk>", "<s>", "</s>"])
    weights(folder, hf.XLMRobertaForMaskedLM, roberta_config("xlm-roberta", "XLMRobertaForMaskedLM", pieces + 2))
    write(folder / "tokenizer_config.json", {"model_max_length": 64})
    unread(folder, "README.md", "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "onnx/model.onnx")
    return [answers.fill(folder, "the capital of <mask> is paris.", 4)]


def camembert(folder):
    """The same file's name, other ids: the class tells them apart."""
    pieces = sentence_piece(folder / "sentencepiece.bpe.model", ["<unk>", "<s>", "</s>"])
    write(folder / "special_tokens_map.json", {**MANY, "additional_special_tokens": ["<s>NOTUSED", "</s>NOTUSED"]})
    write(folder / "tokenizer_config.json", {
        "additional_special_tokens": ["<s>NOTUSED", "</s>NOTUSED"], "bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>",
        "mask_token": {"__type": "AddedToken", **MANY["mask_token"]}, "model_max_length": 64, "name_or_path": "camembert-base",
        "pad_token": "<pad>", "sep_token": "</s>", "sp_model_kwargs": {}, "tokenizer_class": "CamembertTokenizer",
        "unk_token": "<unk>"})
    labels = ["O", "I-LOC", "I-PER", "I-MISC", "I-ORG"]
    weights(folder, hf.CamembertForTokenClassification, roberta_config(
        "camembert", "CamembertForTokenClassification", pieces + 5, id2label={str(i): each for i, each in enumerate(labels)},
        label2id={each: i for i, each in enumerate(labels)}, bos_token_id=5, eos_token_id=6))
    unread(folder, "README.md", "pytorch_model.bin")
    return [answers.tag(folder, "Rome is in Italy, and Paris in France. The capital of Spain…")]


def deberta_first(folder):
    """DeBERTa v1: the tokenizer of GPT-2's kind in two files, pos_att_type as one text."""
    size = merges(folder)
    write(folder / "tokenizer_config.json", {"do_lower_case": False, "vocab_type": "gpt2"})
    labels = ["CONTRADICTION", "NEUTRAL", "ENTAILMENT"]
    weights(folder, hf.DebertaForSequenceClassification, {
        "model_type": "deberta", "architectures": ["DebertaForSequenceClassification"], "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 12, "initializer_range": 0.02, "intermediate_size": 20,
        "max_position_embeddings": 64, "relative_attention": True, "position_buckets": -1, "pos_att_type": "c2p|p2c",
        "layer_norm_eps": 1e-7, "padding_idx": 0, "pad_token_id": 0, "max_relative_positions": -1, "position_biased_input": False,
        "num_attention_heads": 3, "num_hidden_layers": 2, "type_vocab_size": 0, "vocab_size": size,
        "id2label": {str(i): each for i, each in enumerate(labels)}, "label2id": {each: i for i, each in enumerate(labels)}})
    unread(folder, "README.md", "pytorch_model.bin", "bpe_encoder.bin")
    return [answers.zero_shot(folder, ["The match ended in a draw."], ["sports", "politics", "science or music"])]


# ---- Classes whose code lies in another folder of the Hub. They run here all the same, and NumPy computes what is expected.


def bert_files(folder):
    vocabulary(folder, BERT_SPECIALS)
    hf.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    shrink(folder)
    write(folder / "special_tokens_map.json", BERT)
    write(folder / "tokenizer_config.json", {
        "clean_up_tokenization_spaces": True, **BERT, "do_lower_case": True, "model_max_length": 8192, "strip_accents": None,
        "tokenize_chinese_chars": True, "tokenizer_class": "BertTokenizer"})
    return len(words(BERT_SPECIALS))


def many_languages_files(folder):
    """tokenizer.json alone, as it is converted from the model of pieces."""
    pieces = sentence_piece(folder / "sentencepiece.bpe.model", ["<unk>", "<s>", "</s>"])
    hf.XLMRobertaTokenizerFast.from_pretrained(folder).save_pretrained(folder)
    shrink(folder)
    (folder / "sentencepiece.bpe.model").unlink()
    write(folder / "special_tokens_map.json", MANY)
    write(folder / "tokenizer_config.json", {
        **MANY, "clean_up_tokenization_spaces": True, "model_max_length": 8192, "tokenizer_class": "XLMRobertaTokenizer"})
    return pieces + 2


def remote(family, pooling, prompt, files=bert_files, labels=0, **changed):
    """labels: the file has a head for tokens as well, and names it; an embedder asks for the body alone."""
    _, base, shapes, forward, prefix, architecture = described.FAMILIES[family]

    def make_folder(folder):
        config = {**base, **changed, "vocab_size": files(folder)}
        if labels:
            names = [f"LABEL_{i}" for i in range(labels)]
            config |= {"id2label": {str(i): each for i, each in enumerate(names)}, "label2id": {each: i for i, each in enumerate(names)}}
        kind = architecture + ("ForTokenClassification" if labels else "Model")
        write(folder / "config.json", {**config, "architectures": [kind], "torch_dtype": "float16"})
        rng = np.random.default_rng(len(folder.name))
        drawn = described.draw(rng, shapes(config))
        saved = {(prefix if labels else "") + name: value for name, value in drawn.items()}
        if labels:
            saved |= described.draw(rng, described.linear("classifier", 12, labels))
        save_file(saved, folder / "model.safetensors", metadata={"format": "pt"})
        modules(folder, 8192, pooling, False, 12, {
            "sentence_transformers": "2.7.0", "transformers": "4.41.2", "pytorch": "2.1.2+cu121"})
        unread(folder, "README.md", "onnx/model.onnx")
        wide = described.encoders.Weights({name: value.astype(float) for name, value in drawn.items()})

        def body(ids, mask):
            return torch.tensor(forward(config, wide, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0][-1])
        texts = [prompt + text for text in FILMS]
        return [answers.embed(folder, texts, body), answers.similarity(folder, texts, body)]
    return make_folder


CASES = {
    "all-mpnet-base-v2": mpnet,
    "distilbert-base-uncased-finetuned-sst-2-english": distilbert,
    "distilbert-base-cased-distilled-squad": squad,
    "multilingual-e5-small": e5,
    "deberta-v3-base-mnli-fever-anli": deberta,
    "modernbert-embed-base": modernbert("ModernBertModel", "mean", True),
    "gte-modernbert-base": modernbert("ModernBertModel", "cls", False),
    "gte-reranker-modernbert-base": reranker,
    "ms-marco-electra-base": electra,
    "ModernBERT-base": modernbert_fill,
    "xlm-roberta-base": xlm_roberta,
    "camembert-ner": camembert,
    "deberta-base-mnli": deberta_first,
    "nomic-embed-text-v1.5": remote("nomic", "mean", "search_query: "),
    "gte-base-en-v1.5": remote("gte", "cls", ""),
    "gte-multilingual-base": remote("gte", "cls", "", many_languages_files, 1),
    "jina-embeddings-v2-small-en": remote("jina", "mean", ""),
}


def make(out, names):
    for name in names:
        commands = CASES[name](common.fresh(out / name))
        lines = common.json_list([tasks.rounded(each) for each in commands], ensure_ascii=False)
        (out / (name + ".json")).write_text(lines + "\n")
        print(name, len(commands))


if __name__ == "__main__":
    common.main(__doc__, make, "hub-folders", ["torch", "transformers", "tokenizers", "sentencepiece"], cases=list(CASES))
