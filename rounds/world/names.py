"""Names of parties, places and people that exist nowhere, in Latin letters and in Han."""

from random import Random

Words = tuple[str, str]

# Forty syllables, each with the character that stands for it in Chinese.
LATIN = (
    *("ba", "be", "da", "de", "di", "du", "fa", "fe", "ga", "go"),
    *("ha", "ka", "ke", "ki", "ko", "la", "le", "li", "lo", "lu"),
    *("ma", "me", "mi", "mo", "na", "ne", "ni", "no", "pa", "pe"),
    *("ra", "re", "ri", "ro", "sa", "se", "so", "ta", "te", "va"),
)
HAN = "巴貝達德迪杜法費加戈哈卡克基科拉萊利洛盧馬梅米莫納內尼諾帕佩臘雷里羅薩塞索塔特瓦"
WORDS = len(LATIN) ** 4
# Prime to the number of words: neighbours in number are no neighbours in sound.
STRIDE = 1_234_577

GIVEN_NAMES = (
    *("Abel", "Ada", "Amos", "Anka", "Bela", "Berit", "Cato", "Dora"),
    *("Edda", "Elin", "Emil", "Enno", "Fenja", "Gero", "Hedda", "Ines"),
    *("Ivo", "Jorun", "Kaia", "Lasse", "Leda", "Lorin", "Mira", "Nils"),
    *("Nora", "Odin", "Orla", "Petra", "Quirin", "Rasmus", "Selma", "Sanna"),
    *("Tilda", "Timo", "Ulla", "Vera", "Vito", "Wanda", "Yara", "Zeno"),
)


def word(number: int) -> Words:
    """A word of four syllables, in Latin letters and in Han; of no two numbers the same."""
    rest, picked = number * STRIDE % WORDS, []
    for _ in range(4):
        rest, syllable = divmod(rest, len(LATIN))
        picked.append(syllable)
    latin = "".join(LATIN[syllable] for syllable in picked).capitalize()
    return latin, "".join(HAN[syllable] for syllable in picked)


def person(random: Random) -> tuple[str, str, str]:
    """Given name, family name, and the name in Han."""
    family = random.choices(range(len(LATIN)), k=3)
    given = random.choice(GIVEN_NAMES)
    latin = "".join(LATIN[syllable] for syllable in family).capitalize()
    return given, latin, "".join(HAN[syllable] for syllable in family)
