"""Words in another language are told from English ones, and English ones are never taken for another language."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from generator.engine.singable import check_lyrics
from generator.engine.tongues import foreign_language
from generator.engine.verses import library
from generator.protocol.errors import Rejected

FOREIGN = {
    "German": [
        "Ich liebe dich",
        "Die Nacht ist kalt und ich bin hier allein\nIch warte auf dich, du kommst nicht heim",
        "Am Brunnen vor dem Tore, da steht ein Lindenbaum\nIch träumt in seinem Schatten so manchen süßen Traum",
        "Heute tanzen wir im Regen, keiner hält uns auf",
    ],
    "Dutch": [
        "Ik zie je staan in de regen en ik weet niet wat ik moet doen",
        "Het is een mooie dag, wij gaan naar de zee met de trein",
        "Jij bent mijn zon, jij bent mijn maan, ik laat je nooit meer gaan",
    ],
    "French": [
        "Je ne veux pas travailler, je veux seulement oublier",
        "La nuit est longue et tu n'es pas là\nJe marche seul dans les rues de la ville",
        "Nous sommes tous les enfants du soleil et de la mer",
        "Au clair de la lune, mon ami Pierrot, prête-moi ta plume",
    ],
    "Spanish": [
        "Te quiero mucho",
        "La noche es larga y tú no estás aquí\nCamino solo por la ciudad",
        "Todos los días pienso en ti, mi corazón no sabe mentir",
        "Cuando sale el sol yo canto para ti una canción de amor",
    ],
    "Italian": [
        "Una notte senza te, non so più dove andare",
        "Nel blu dipinto di blu, felice di stare lassù con te e con lei",
        "Ti voglio bene amore mio, sei sempre nella mia vita",
    ],
    "Portuguese": [
        "Eu não sei viver sem você, meu coração é teu",
        "A noite cai e eu fico aqui sozinho, pensando em você",
        "Olha que coisa mais linda, mais cheia de graça, é ela a menina que vem e que passa",
    ],
    "Swedish": [
        "Jag går på vägen hem och det är mörkt och kallt",
        "Du är min sol, du är min måne, jag kan inte leva utan dig",
    ],
    "Danish or Norwegian": ["Jeg elsker deg og det er ikke noe jeg kan gjøre med det"],
    "Polish": [
        "Nie ma już nic, tylko ty i ja w tę noc",
        "Kocham cię jak nikt na świecie, jesteś moim słońcem",
        "Ale ja nie wiem co to jest i gdzie jest moje serce",
    ],
    "Turkish": ["Bu gece seni düşündüm, kalbim hep senin için", "Ben seni çok sevdim ama sen beni unuttun"],
    "Finnish": ["Minä rakastan sinua ja sinä tiedät sen, se on niin kaunista"],
    "Hungarian": ["Nem tudom hogy mit csináljak, ha te nem vagy itt velem"],
    "Czech or Slovak": ["Já nevím proč ale jsem tady sám a ty jsi pryč"],
    "Romanian": ["Nu mai pot să trăiesc fără tine, inima mea este a ta"],
    "Indonesian or Malay": ["Aku cinta kamu dan tidak akan pergi dari hati ini"],
    "Tagalog": ["Mahal kita at ikaw lang ang nasa puso ko ngayong gabi"],
    "Hindi": ["Tum hi ho, ab tum hi ho, zindagi ab tum hi ho\nmera dil tera hai"],
    "Japanese": ["Kimi no koe ga kikitai, ima sugu ni aitai kara, yume no naka de"],
    "Vietnamese": ["Anh yêu em nhiều lắm, đêm nay em ở đâu"],
}
ENGLISH = [
    "Through every road we roam, together we are home",
    "la la la la la la",
    "do re mi fa so la ti do",
    "lo lo lo, li li li, le le le",
    "na na na na, hey hey hey, goodbye",
    "ooh ooh ooh aah aah",
    "doo wop shoo be doo, doo wop shoo be doo wah",
    "'Twas brillig, and the slithy toves did gyre and gimble in the wabe",
    "All mimsy were the borogoves, and the mome raths outgrabe",
    "Zorblax and Quindle ride the vorpal tram to Snerf",
    "C'est la vie",
    "Que sera sera, whatever will be will be",
    "Voulez-vous dance with me tonight, mon amour, under the light",
    "Mi amor, the night is young and you are mine",
    "Hasta la vista, baby",
    "Maria and José drove from Los Angeles to San Juan",
    "From El Paso to Las Vegas in a Chevrolet",
    "Łukasz and Zoë met in Gdańsk, and Zoë laughed",
    "Björn plays the fiddle, Åsa plays the drum",
    "Die young, was it war, I am so in an old hat",
    "Man, I ran an ad in a den, no din",
    "Me no go, he say no, do no more",
    "I got ninety-nine problems but the wifi ain't one",
    "gonna wanna gimme lemme kinda sorta",
    "Neon rain. Paper moon. Silver road. Copper sun.",
    "Lonely lonely lonely lonely heart",
    "yo yo yo, check the mic, one two, one two",
    "Wa wa wa, ya ya ya, no no no",
    "Ka ching ka ching ka ching",
    "To be or not to be, that is the question",
    "Rasputin, Romanov, Anastasia, Petrograd",
    "Bring back the wind, ring the bell, sing well",
    "Yes sir no sir three bags full sir",
    "x",
    "hello",
    "1 2 3 4",
    "Sushi, ramen, sake, karaoke, Tokyo till ten",
    "Feliz Navidad, I wanna wish you a merry Christmas",
    "Ay ay ay ay, I'm your little butterfly",
    "Alles klar? All is clear, my dear",
    "Frère Jacques is what my father hummed",
    "Gloria in excelsis, the bells ring out",
    "Cruel sun, vain gun, most of us come undone",
    "The door, the hoe, the met, the bent, the mint",
    "On sale: pain, chat, mare, sale, note, son",
    "Come home, dove, made of sand and pure note",
    "Pizza pasta gelato, amore from a paper plate",
    "Sad sad sad, bad bad bad, mad mad mad",
    "Rio, Lisbon, Porto, Rome, none of them is home",
    "Dancing, singing, ringing, bringing, swinging, clinging",
    "Tiny dancer, rocket man, crocodile",
    "Om shanti shanti, breathe in and breathe out",
]


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in FOREIGN.items() for text in texts]
)
def test_words_in_another_language_are_refused_by_its_name(language: str, text: str) -> None:
    assert foreign_language(text) == language
    with pytest.raises(Rejected) as refused:
        check_lyrics(text)
    assert f"these words look {language}." in refused.value.sentence
    assert "Give English words" in refused.value.sentence


@pytest.mark.parametrize("text", ENGLISH)
def test_english_names_cries_and_invented_words_are_sung(text: str) -> None:
    check_lyrics(text)


def test_none_of_our_own_lines_is_taken_for_another_language() -> None:
    for theme in library()[0].values():
        for couplets in theme.shelves.values():
            assert not [lines for lines in couplets if foreign_language("\n".join(lines))]


def test_one_foreign_stanza_among_english_ones_is_named_by_its_line() -> None:
    english = (
        "I walk along the river and you walk along with me\nWe count the boats and all the birds that follow to the sea"
    )
    text = f"{english}\n\n{english}\n\n{english}\n\n{FOREIGN['French'][1]}"
    with pytest.raises(Rejected, match="from line 10 on this looks French"):
        check_lyrics(text)


def test_a_long_text_is_told_at_once() -> None:
    text = ("I walk along the river and you walk along with me\n\n" * 200)[:10_000]
    check_lyrics(text)
    begin = time.process_time()
    check_lyrics(text)
    assert time.process_time() - begin < 0.05


def test_the_process_that_serves_the_site_needs_no_numpy_for_it() -> None:
    program = "import sys; import generator.upstream.embedded; print('numpy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
