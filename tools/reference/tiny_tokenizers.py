"""Small tokenizers for tiny checkpoints, trained on a few texts: WordPiece as BERT's, Unigram as ALBERT's, BPE of bytes as RoBERTa's.

Training WordPiece and Unigram is left to chance where two pieces are equally good, and what a model answers depends on it. So
scripts take the tokenizers that are committed where there are some (kept, take_kept); new ones are trained where there are none.
"""

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer

import common

BERT_SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ALBERT_SPECIALS = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_SPECIALS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
FILES = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "vocab.json", "merges.txt"]


def framed(tokenizer):
    """[CLS] first [SEP] second [SEP], the second of type 1."""
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")])
    return tokenizer


def word_piece(texts, size):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=size, special_tokens=BERT_SPECIALS, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    return framed(tokenizer)


def unigram(model, texts=(), size=0, split_at_blanks=True):
    """A tokenizer like ALBERT's around a Unigram model; with texts the model is trained."""
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()])
    blanks = [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(blanks) if split_at_blanks else blanks[1]
    tokenizer.decoder = decoders.Metaspace()
    if texts:
        trainer = trainers.UnigramTrainer(
            vocab_size=size, special_tokens=ALBERT_SPECIALS, unk_token="<unk>", show_progress=False)
        tokenizer.train_from_iterator(texts, trainer)
    return framed(tokenizer)


def byte_pairs(texts, size, specials=ROBERTA_SPECIALS, prefix_space=False):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def kept(committed, train):
    """The committed tokenizer, or a new one."""
    return AutoTokenizer.from_pretrained(committed) if committed.exists() else train()


def take_kept(committed, folder):
    """Puts the committed tokenizer's files, as they are, in the place of those in the folder."""
    common.copy_beside(committed, folder, FILES)
