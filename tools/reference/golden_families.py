"""The golden cases of src/test/resources/goldens, described: each class of each family, each mode, each way to save weights."""

import torch

from golden import NO_CACHE, STATES, seen
from golden_descriptions import (
    case, choices, hidden_words, places, question, rows, shifted, started, states, token_labels, types, words,
)


# --- ALBERT ------------------------------------------------------------------------------------------------------------------


@case("ForMaskedLM", dtype=torch.bfloat16, hidden_act="gelu")
def albert_mlm_embeds_bf16():
    return dict(inputs_embeds=torch.randn(2, 8, 16), labels=hidden_words(torch.ones(2, 8)))


@case("Model", STATES, "hidden_states: num_hidden_layers + 1 entries; attentions: num_hidden_layers * inner_group_num entries",
      v5_reason="transformers 5 returns one hidden_states entry per inner layer; v4: one per (outer) layer, attentions one per "
      "inner layer", num_hidden_layers=4, num_hidden_groups=2, inner_group_num=2)
def albert_model_groups():
    return rows("albert", 8, 8, 3, 6) | dict(token_type_ids=types(3, 8))


@case("ForMultipleChoice")
def albert_multichoice():
    return choices("albert", [6, 5, 6, 3], [4, 5, 6, 3]) | dict(token_type_ids=types(2, 4, 6), labels=torch.randint(0, 4, (2,)))


@case("ForPreTraining", more=["tf_model.h5"])
def albert_pretraining_loss():
    texts = rows("albert", 9, 9, 4)
    return texts | dict(
        token_type_ids=types(2, 9), labels=hidden_words(texts["attention_mask"]), sentence_order_label=types(2))


@case("ForQuestionAnswering", notes="config.json without the keys that equal the class defaults", style="minimal",
      more=["flax_model.msgpack"])
def albert_qa_minimal_config():
    return dict(input_ids=words(2, 9), token_type_ids=types(2, 9), **places(2, 9))


@case("ForSequenceClassification", files="sharded", num_labels=5, problem_type="multi_label_classification")
def albert_seqcls_multilabel_sharded():
    return dict(input_ids=words(2, 9), labels=types(2, 5).float())


@case("ForSequenceClassification", num_labels=1)
def albert_seqcls_regression():
    return rows("albert", 8, 8, 3, 6) | dict(labels=torch.randn(3))


@case("ForTokenClassification", num_labels=7, hidden_act="silu")
def albert_tokencls_positions():
    texts = rows("albert", 9, 9, 4, left=True)
    return texts | dict(position_ids=torch.randint(0, 40, (2, 9)), labels=token_labels(texts["attention_mask"], 7))


# --- BART --------------------------------------------------------------------------------------------------------------------


@case("ForCausalLM", STATES | NO_CACHE, is_decoder=True, add_cross_attention=True, is_encoder_decoder=False)
def bart_causal_cross():
    tokens = words(2, 7)
    return dict(input_ids=tokens, labels=shifted(tokens), encoder_hidden_states=states(2, 9), encoder_attention_mask=seen(9, 9, 4))


@case("ForConditionalGeneration", {"generate": dict(
    do_sample=False, num_beams=4, max_length=12, min_length=4, length_penalty=0.8, early_stopping=True, no_repeat_ngram_size=3,
    forced_bos_token_id=0, forced_eos_token_id=2, num_return_sequences=2)})
def bart_condgen_beam4():
    return rows("bart", 8, 8, 3)


@case("ForConditionalGeneration", dict(chunks=[1] * 7), scale_embedding=True)
def bart_condgen_decode():
    return rows("bart", 9, 9, 4) | dict(decoder_input_ids=started(2, 7))


@case("ForConditionalGeneration", {"generate": dict(
    do_sample=False, num_beams=1, max_length=12, min_length=3, no_repeat_ngram_size=2, forced_eos_token_id=2)})
def bart_condgen_greedy():
    return rows("bart", 8, 8, 3, 6)


@case("ForConditionalGeneration", NO_CACHE, "decoder_input_ids are the labels shifted right; -100 becomes pad")
def bart_condgen_loss():
    return rows("bart", 9, 9, 4) | dict(labels=torch.where(seen(6, 6, 4).bool(), words(2, 6), -100))


@case("Model", STATES | dict(use_cache=True), more=["flax_model.msgpack"], encoder_layers=3, decoder_layers=1, scale_embedding=True)
def bart_model_asym_scale():
    return rows("bart", 9, 9, 4) | dict(decoder_input_ids=started(2, 6))


@case("ForQuestionAnswering", NO_CACHE, activation_function="gelu_new", num_labels=2)
def bart_qa():
    return dict(input_ids=words(2, 8), **places(2, 8))


@case("ForSequenceClassification", NO_CACHE)
def bart_seqcls():
    texts = rows("bart", 9, 9, 4, 8)
    for row, count in enumerate(texts["attention_mask"].sum(1)):
        texts["input_ids"][row, 0] = 0
        texts["input_ids"][row, count - 1] = 2
    return texts | dict(labels=torch.randint(0, 3, (3,)))


# --- BERT --------------------------------------------------------------------------------------------------------------------


@case("LMHeadModel", dict(chunks=[4, 1, 1, 3]), is_decoder=True)
def bert_lmhead_decode():
    return dict(input_ids=words(2, 9))


@case("ForMaskedLM", dict(output_hidden_states=True), position_embedding_type="relative_key",
      v5_reason="position_embedding_type relative_key* was removed in transformers 5 (silently ignored there)")
def bert_mlm_relative_key():
    return dict(input_ids=words(2, 8), labels=hidden_words(torch.ones(2, 8)))


@case("Model", notes="checkpoint of BertForMaskedLM loaded as BertModel: strip the 'bert.' prefix, ignore cls.*; "
      "LayerNorm.gamma/beta; no pooler in the file (HF initialises it randomly, so pooler_output is not compared)",
      saved="ForMaskedLM", files="old names", style="old")
def bert_model_from_mlm_oldnames():
    return dict(input_ids=words(2, 7), token_type_ids=types(2, 7))


@case("Model", STATES, more=["tf_model.h5"])
def bert_model_hs_att_rightpad():
    return rows("bert", 9, 9, 4, 8) | dict(token_type_ids=types(3, 9))


@case("ForMultipleChoice", v5_reason="head_mask was removed in transformers 5")
def bert_multichoice_headmask():
    return choices("bert", [7, 7, 4], [6, 3, 5]) | dict(head_mask=types(2, 4).float(), labels=torch.randint(0, 3, (2,)))


@case("ForNextSentencePrediction", notes="pytorch_model.bin in the old (pre 1.6, non zip) torch.save format",
      files="legacy pickle", hidden_act="gelu_new")
def bert_nsp_legacy_bin():
    return dict(input_ids=words(2, 8), token_type_ids=types(2, 8), labels=types(2))


@case("ForPreTraining", hidden_act="relu")
def bert_pretraining_loss():
    return rows("bert", 10, 10, 5) | dict(
        token_type_ids=types(2, 10), labels=hidden_words(torch.ones(2, 10)), next_sentence_label=types(2))


@case("ForQuestionAnswering", notes="end position beyond the sequence: ignored in the loss", files="pickle")
def bert_qa_bin():
    asked = rows("bert", 9, 9, 4, 8) | places(3, 9)
    asked["end_positions"][2] = 12
    return asked


@case("ForSequenceClassification", notes="one NaN in a query weight: everything must come out NaN, nothing may crash", files="nan")
def bert_seqcls_nan():
    return dict(input_ids=words(2, 6))


@case("ForTokenClassification", dict(output_hidden_states=True), num_labels=5)
def bert_tokencls():
    texts = rows("bert", 8, 8, 3)
    return texts | dict(token_type_ids=types(2, 8), labels=token_labels(texts["attention_mask"], 5))


# --- Flax --------------------------------------------------------------------------------------------------------------------

CACHE_NOTE = "real Flax run; past_key_values is a dict of arrays cached_key/cached_value [batch, max_length, heads, head_dim] and " \
    "cache_index; attention_mask has length max_length"


@case("ForPreTraining", STATES, "real Flax run", mode="flax_forward", more=["flax_model.msgpack"])
def flax_albert_pretraining():
    return rows("albert", 9, 9, 4) | dict(token_type_ids=types(2, 9))


@case("ForCausalLM", dict(chunks=[3, 1, 1, 2], max_length=10), CACHE_NOTE, mode="flax_decode", more=["flax_model.msgpack"],
      is_decoder=True, add_cross_attention=True, is_encoder_decoder=False)
def flax_bart_causal_decode():
    return dict(input_ids=words(2, 7), encoder_hidden_states=states(2, 9), encoder_attention_mask=seen(9, 9, 4))


@case("ForConditionalGeneration", dict(chunks=[1] * 7, max_length=9, **STATES), CACHE_NOTE, mode="flax_encode_decode",
      more=["flax_model.msgpack"], scale_embedding=True)
def flax_bart_encode_decode():
    return rows("bart", 9, 9, 4) | dict(decoder_input_ids=started(2, 7))


@case("ForQuestionAnswering", STATES, "real Flax run; no decoder_input_ids: shift_tokens_right of input_ids", mode="flax_forward",
      more=["flax_model.msgpack"], activation_function="gelu_new", num_labels=2)
def flax_bart_qa():
    return dict(input_ids=words(2, 8))


# --- Longformer --------------------------------------------------------------------------------------------------------------


@case("ForMaskedLM", STATES)
def longformer_mlm_global_some_pad():
    texts = rows("longformer", 19, 19, 14, 11)
    marks = torch.zeros(3, 19, dtype=torch.long)
    for row, marked in enumerate([[0, 2, 7, 12, 17], [0, 3, 9], [0, 4]]):
        marks[row, marked] = 1
    return texts | dict(global_attention_mask=marks, labels=hidden_words(torch.ones(3, 19)))


@case("Model", STATES, "no global attention, T not a multiple of the largest window, different window per layer",
      attention_window=[4, 8])
def longformer_model_local_windows():
    return dict(input_ids=words(2, 13))


@case("ForMultipleChoice", notes="global attention from the sep tokens")
def longformer_multichoice_seps():
    lengths = [[(3, 11 - 1), (4 - 1, 5)], [(2, 3), (3, 1)]]
    ids = torch.stack([torch.stack([question(17, *each) for each in text]) for text in lengths])
    return dict(input_ids=ids, attention_mask=(ids != 1).long(), labels=torch.randint(0, 2, (2,)))


@case("ForQuestionAnswering", dict(output_attentions=True), "global attention on everything before the first sep token")
def longformer_qa_seps():
    return dict(input_ids=torch.stack([question(18, 2, 12), question(18, 3, 11)]), **places(2, 18))


@case("ForSequenceClassification", dict(output_attentions=True), "no global_attention_mask given: token 0 becomes global",
      num_labels=4)
def longformer_seqcls_default_global():
    return rows("longformer", 21, 21, 16) | dict(labels=torch.randint(0, 4, (2,)))


@case("ForTokenClassification", STATES, num_labels=5)
def longformer_tokencls_global_all():
    every = torch.ones(2, 11, dtype=torch.long)
    return dict(input_ids=words(2, 11), global_attention_mask=every, labels=token_labels(every, 5))


# --- NEZHA -------------------------------------------------------------------------------------------------------------------


@case("Model", STATES | dict(use_cache=True), "HF's NEZHA cross attention works only for equal encoder and decoder lengths "
      "(relative positions are applied there too)", is_decoder=True, add_cross_attention=True)
def nezha_decoder_cross():
    return dict(input_ids=words(2, 7), encoder_hidden_states=states(2, 7), encoder_attention_mask=seen(7, 7, 7))


@case("ForMaskedLM", max_relative_position=64)
def nezha_mlm():
    return dict(input_ids=words(2, 8), labels=hidden_words(torch.ones(2, 8)))


@case("Model", STATES, "T > max_relative_position: clipped distances")
def nezha_model_hs_relpos():
    return rows("nezha", 12, 12, 7) | dict(token_type_ids=types(2, 12))


@case("ForMultipleChoice")
def nezha_multichoice():
    return dict(input_ids=words(2, 3, 6), token_type_ids=types(2, 3, 6), labels=torch.randint(0, 3, (2,)))


@case("ForNextSentencePrediction")
def nezha_nsp():
    return dict(input_ids=words(2, 8), token_type_ids=types(2, 8), labels=types(2))


@case("ForPreTraining")
def nezha_pretraining_loss():
    return rows("nezha", 9, 9, 4) | dict(
        token_type_ids=types(2, 9), labels=hidden_words(torch.ones(2, 9)), next_sentence_label=types(2))


@case("ForQuestionAnswering", hidden_act="gelu_fast")
def nezha_qa():
    return dict(input_ids=words(2, 9), **places(2, 9))


@case("ForSequenceClassification", hidden_act="quick_gelu", num_labels=3)
def nezha_seqcls():
    return rows("nezha", 8, 8, 3, 6) | dict(labels=torch.randint(0, 3, (3,)))


@case("ForTokenClassification", num_labels=4)
def nezha_tokencls_headmask():
    texts = rows("nezha", 8, 8, 3)
    return texts | dict(head_mask=types(2, 4).float(), labels=token_labels(texts["attention_mask"], 4))


# --- RoBERTa -----------------------------------------------------------------------------------------------------------------


@case("ForCausalLM", STATES | dict(use_cache=True), is_decoder=True, add_cross_attention=True)
def roberta_causal_cross_loss():
    tokens = words(2, 7)
    return dict(input_ids=tokens, labels=shifted(tokens), encoder_hidden_states=states(2, 5), encoder_attention_mask=seen(5, 5, 3))


@case("ForCausalLM", dict(chunks=[3, 1, 1, 1, 2]), more=["tf_model.h5"], is_decoder=True)
def roberta_causal_decode():
    return dict(input_ids=words(2, 8))


@case("ForCausalLM", {"generate": dict(do_sample=False, num_beams=1, max_length=12)}, is_decoder=True)
def roberta_causal_greedy():
    return dict(input_ids=words(2, 5))


@case("ForMaskedLM", dtype=torch.float16)
def roberta_mlm_fp16_leftpad():
    return rows("roberta", 9, 9, 4, 8, left=True) | dict(labels=hidden_words(torch.ones(3, 9)))


@case("Model", STATES, style="5", more=["flax_model.msgpack"])
def roberta_model_hs():
    return rows("roberta", 9, 9, 4, 8)


@case("ForMultipleChoice")
def roberta_multichoice():
    return choices("roberta", [7, 7], [4, 6]) | dict(labels=types(2))


@case("ForQuestionAnswering")
def roberta_qa():
    return dict(input_ids=words(2, 8), position_ids=torch.randint(2, 44, (2, 8)), **places(2, 8))


@case("ForSequenceClassification", position_embedding_type="relative_key_query", num_labels=3,
      v5_reason="position_embedding_type relative_key* was removed in transformers 5 (silently ignored there)")
def roberta_seqcls_relkeyquery():
    return rows("roberta", 8, 8, 3) | dict(labels=torch.randint(0, 3, (2,)))


@case("ForTokenClassification", files="extra tensors", hidden_act="tanh", num_labels=5)
def roberta_tokencls_tanh_extra():
    return dict(input_ids=words(2, 9), labels=token_labels(torch.ones(2, 9), 5))
