#!/usr/bin/env python3
"""Writes N short reviews as JSON Lines, of lengths as people write them: texts.py [N [SEED]].

Two to fifty words, most between eight and twenty-five, put together at random from words of film reviews. The same
arguments give the same lines.
"""
import json
import random
import sys

OPENINGS = "this film|the movie|a story|the plot|her performance|his direction|the script|the ending|the first half|the cast".split("|")
VERBS = "is|feels|seems|remains|turns out|becomes|was|looks|sounds".split("|")
ADVERBS = "very|rather|surprisingly|never|always|almost|deeply|hardly|quite|simply|utterly".split("|")
ADJECTIVES = ("dull|moving|funny|tedious|warm|clever|lifeless|charming|clumsy|thrilling|predictable|honest|shallow|beautiful|"
              "messy|gripping|slow|fresh|forgettable|touching|loud|subtle|pointless|inventive|bland|haunting").split("|")
JOINTS = ", and|, but|; still,| because| although|, which means that| while|. Then again,|, so".split("|")


def clause(random_):
    words = [random_.choice(OPENINGS), random_.choice(VERBS)]
    words += [random_.choice(ADVERBS) for _ in range(random_.choice((0, 0, 1, 1, 2)))]
    return " ".join(words + [random_.choice(ADJECTIVES)])


def review(random_):
    length = min(50, max(2, round(random_.lognormvariate(2.6, 0.6))))
    text = clause(random_)
    while len(text.split()) < length:
        text += random_.choice(JOINTS) + " " + clause(random_)
    return " ".join(text.split()[:length]).rstrip(",;") + random_.choice((".", ".", ".", "!", ""))


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    random_ = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    for i in range(count):
        print(json.dumps({"id": i, "text": review(random_), "source": {"page": random_.randrange(1000)}}))


main()
