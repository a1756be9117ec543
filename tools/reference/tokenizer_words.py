"""English word stems and a seeded generator of sentences, for training the tests' tokenizers."""

import random

NOUNS = """
time year day week month hour minute night morning evening summer winter spring autumn house room door window wall floor roof
garden street road bridge river lake sea island mountain hill valley forest field farm village town city country border harbour
boat ship train station ticket car engine wheel bicycle bus airport plane journey map letter stamp book page story chapter
sentence word language dictionary grammar question answer problem solution idea theory experiment result number sum product
table chair lamp candle bottle glass cup plate knife fork spoon bread butter cheese milk water coffee tea soup salt sugar apple
pear plum cherry orange lemon potato onion carrot tree leaf root flower seed grass bird gull eagle horse cow sheep dog cat mouse
fish bear wolf fox insect butterfly spider stone sand iron silver gold copper paper cloth wool leather wood fire smoke wind rain
snow storm cloud sun moon star planet light shadow colour picture painting drawing photograph museum library school university
teacher student doctor nurse lawyer judge engineer farmer fisherman carpenter painter musician singer actor writer poet king
queen soldier captain sailor driver neighbour friend brother sister mother father daughter son child grandmother uncle aunt
guest stranger crowd family office machine computer screen keyboard program function variable matrix vector tensor model layer
token vocabulary checkpoint kernel thread buffer memory processor network signal message password licence contract price bill
coin market shop bakery kitchen dinner breakfast recipe song melody violin piano drum dance theatre film game ball team match
victory defeat battle peace treaty law court crime prison hope fear anger sorrow joy luck dream memory mistake secret promise
reason cause effect purpose method measure degree temperature pressure distance height weight speed direction corner edge centre
surface line circle triangle square angle curve pattern list group pair half quarter hundred thousand million copyright patent
""".split()

VERBS = """
walk talk open close start finish paint build break carry watch follow lead find lose count measure weigh wash clean cook bake
taste smell listen answer ask explain describe translate print publish collect repair destroy protect attack defend remember
forget believe doubt accept refuse offer promise prepare arrange discover invent improve change compare connect divide multiply
solve prove compute encode decode normalize train predict store load save convert copy distribute permit require modify receive
deliver borrow return visit invite welcome thank blame praise admire hate love need want choose plan design climb jump fall swim
sail drive travel arrive depart remain vanish appear grow shrink increase reduce extend shorten fill empty cover uncover tie
untie lock unlock fold unfold dress undress load unload pack unpack agree disagree appear disappear like dislike understand
""".split()

ADJECTIVES = """
small large short long narrow wide deep shallow high low heavy light dark bright warm cold dry wet clean dirty empty full old new
young ancient modern simple complex easy difficult cheap expensive rich poor strong weak quick slow quiet loud soft hard sharp
blunt smooth rough sweet bitter sour fresh rotten happy sad angry calm brave afraid honest clever foolish polite rude careful
careless useful useless certain uncertain possible impossible visible invisible regular irregular famous unknown common rare
important necessary sufficient responsible available reliable readable comparable international original additional commercial
legal technical historical musical electrical mathematical natural artificial internal external positive negative royal free
""".split()

ADVERBS = """
quickly slowly quietly carefully happily suddenly finally usually often never always sometimes rarely almost hardly exactly
probably certainly unfortunately therefore however moreover nevertheless yesterday today tomorrow again together alone here there
""".split()

NAMES = """
Anna Boris Clara David Emma Felix Greta Henry Ingrid Jacob Karin Louis Maria Nora Oscar Paula Robert Sofia Thomas Ursula Victor
Walter Berlin Paris London Madrid Rome Vienna Prague Warsaw Lisbon Dublin Oslo Helsinki Athens Cairo Tokyo Beijing Seoul Moscow
Europe Asia Africa America Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April August October
""".split()

CONTRACTIONS = ["'s", "'ve", "'ll", "'d", "'re", "'m"]
BEING = ["was", "is", "were", "will be", "has been", "cannot be"]
CONJUNCTIONS = ["not", "and", "but", "or", "because", "although"]
PREPOSITIONS = ["with", "without", "under", "over", "between", "before", "after", "from", "into"]


def plural(noun):
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return noun[:-1] + "ies" if noun[-1] == "y" and noun[-2] not in "aeo" else noun + "s"


def inflect(verb, ending):
    if verb.endswith("e") and ending in ("ed", "er", "ing"):
        return verb[:-1] + ending
    if verb.endswith("y") and verb[-2] not in "aeo" and ending in ("ed", "er", "s"):
        return verb[:-1] + "i" + ("es" if ending == "s" else ending)
    return plural(verb) if ending == "s" else verb + ending


def number(random_):
    kind = random_.randrange(7)
    if kind == 0:
        return str(random_.randrange(1900, 2030))
    if kind == 1:
        return f"{random_.randrange(1000, 99000):,}"
    if kind == 2:
        return f"{random_.randrange(1000) / 10}"
    if kind == 3:
        return f"{random_.randrange(1, 24):02}:{random_.randrange(60):02}"
    return str(random_.randrange(100))


def sentences(count, seed):
    """English of a simple grammar: every stem in many of its forms, numbers with commas, contractions, quotes."""
    r = random.Random(seed)

    def noun():
        word = r.choice(NOUNS)
        word = plural(word) if r.random() < 0.4 else word
        if r.random() < 0.4:
            adjective = r.choice(ADJECTIVES)
            word = r.choice(["", "", "", "un", "very "]) + adjective + r.choice(["", "", "", "er", "ly"]) + " " + word
        return r.choice(["the", "a", "this", "every", "their", "my", "our", "no", "some", "his", "her"]) + " " + word

    def verb():
        stem = r.choice(["", "", "", "", "re", "over", "out"]) + r.choice(VERBS)
        return inflect(stem, r.choice(["ed", "ed", "s", "ing", "er"]))

    def clause():
        kind = r.randrange(8)
        if kind == 0:
            subject = r.choice(["I", "you", "we", "they", "he", "she", "it", "who"])
            return f"{subject}{r.choice(CONTRACTIONS)} {verb()} {noun()}"
        if kind == 1:
            return f"in {number(r)}, {noun()} {r.choice(BEING)} {verb()} by {r.choice(NAMES)}"
        if kind == 2:
            return f"{noun()} of {number(r)}, {number(r)}, and {number(r)} {plural(r.choice(NOUNS))}"
        if kind == 3:
            return f"\"{verb()} {noun()},\" {r.choice(['said', 'asked', 'answered'])} {r.choice(NAMES)}"
        if kind == 4:
            owner, thing, aside = r.choice(NAMES), r.choice(NOUNS), f"({r.choice(ADJECTIVES)}, {r.choice(ADJECTIVES)})"
            return f"{owner}'s {thing} {aside} {verb()} {r.choice(ADVERBS)}"
        if kind == 5:
            return f"{r.choice(ADVERBS)} {noun()} {verb()} {noun()} - {r.choice(CONJUNCTIONS)} {noun()}"
        return f"{noun()} {verb()} {noun()} {r.choice(PREPOSITIONS)} {noun()}"

    for _ in range(count):
        text = clause()
        if r.random() < 0.3:
            text += r.choice(["; ", ", and ", ", but ", " while "]) + clause()
        yield text[0].upper() + text[1:] + r.choice([".", ".", ".", ".", "!", "?", "...", ":"])
