"""Which language words are written in, as far as it takes to know whether an English singer can sing them.

Only positive evidence counts: small words and letters that English does not have. Names, dialect, cries and invented
words have neither, so they are taken for English.
"""

from __future__ import annotations

import re

from .vocabulary import listed

FEWEST = 3
"""Shorter texts are let through: a hook may borrow a word or two."""
SHARE = 0.16
"""Least share of another language's small words; in running text they make up 30 to 50 %."""
OUTWEIGH = 1.5
"""How many of them there are at least for each small word that only English has."""
REMARKABLE = 2
"""How many different ones there are at least."""

ENGLISH = listed(
    """the and you of my it that this with your we're i'm you're it's his him they them their there what when where
    who why how have has were been don't can't won't ain't isn't wasn't could would should not from for but if our
    like just know love never always day night way down away through into every little let's want say said tell going
    gonna wanna came home heart baby yeah got get make i'll you'll we'll i've you've i'd he's she's they're that's
    there's these those then than only still again because 'cause till until"""
)
"""Small words of English that mean nothing in the other languages here."""

SMALL_WORDS = {
    "German": """der das und ich nicht ist ein eine einen einem einer mit auf für fuer du dich dir mir mich wir sie
        er es im den dem des von vom zu zum zur auch wie noch nur wenn aber kein keine mein meine dein deine sein
        seine sind bist hab habe hast kann schon immer liebe nacht herz leben nach bei über durch ohne oder doch mal
        wo weil dass daß heute nie mehr uns alles wird werden weiß hier dort komm geh""",
    "Dutch": """het een en ik niet is van je jij jou mijn zijn zij wij ons dat dit deze met voor naar maar ook nog
        als bij wat waar hoe wie kan wil heb heeft had ben bent geen altijd nooit alles niets liefde hart nacht leven
        zonder door over mij hem haar haar's onder weer daar toen omdat want zoals te de der zo""",
    "French": """je tu il elle nous vous ils elles le les des du un une et est c'est j'ai n'ai suis es sont pas ne
        que qui quoi quand dans sur pour avec sans mais où mon ma mes ton ta tes ses notre votre leur ce cette ces
        cet au aux toi moi lui comme plus tout tous toute rien jamais toujours encore coeur cœur amour nuit jour vie
        monde ça là je t'aime j'aime d'un d'une l'amour qu'il qu'elle s'en y'a n'est de la être fait peut veux""",
    "Spanish": """el los las un una unos y que de del en es no por para con sin mi tu te me se lo le yo él ella nos
        pero como más mas si sí ya muy cuando donde quien porque todo todos nada nunca siempre amor corazón corazon
        noche día dia vida mundo quiero mucho mucha eres soy está esta estoy hay tengo tiene hasta desde sobre este
        ese eso aquí aqui mía mio contigo conmigo solo sólo voy vamos al la""",
    "Italian": """il lo gli le un una uno e che di del della dei in non per con senza mi ti si ci vi io tu lui lei
        noi voi ma come più piu se già quando dove chi perché perche tutto tutti niente mai sempre amore cuore notte
        giorno vita mondo sono sei è ho hai ha abbiamo questo questa quello quella mio mia tuo tua suo sua nel nella
        sul alla anche ancora qui poi cosa dal c'è l'amore voglio la""",
    "Portuguese": """o os as um uma e que de do da dos das em no na nos nas não nao é por para pra com sem meu minha
        teu tua seu sua eu tu ele ela nós você voce vocês mas como mais se já quando onde quem porque tudo nada nunca
        sempre amor coração coracao noite dia vida mundo quero sou está estou tem tenho até este esse isso aqui só ao
        à também vou vai foi""",
    "Swedish": """och jag det att är inte en ett som på för med av till den du dig mig vi oss ni han hon de om men så
        när där vad hur kan vill har hade ska aldrig alltid allt ingen inget kärlek hjärta natt liv livet utan från
        min mitt mina din ditt sin här nu bara också över under vår ut upp""",
    "Danish or Norwegian": """og jeg det at er ikke en et som på for med av af til den du deg dig meg mig vi oss os
        dere han hun de om men så når der hva hvad hvor hvem kan vil har hadde havde skal aldri aldrig alltid altid
        alt ingen kjærlighet kærlighed hjerte natt nat liv livet uten uden fra min mitt mine din ditt her nå nu bare
        også over under vår ut opp""",
    "Polish": """i w z na nie to że się sie jest jestem do jak ale po co ja ty on ona my wy oni mnie mi ciebie cię
        cie tobą dla za od przez przy bez tak czy gdy kiedy gdzie kto tylko już juz jeszcze zawsze nigdy wszystko nic
        miłość milosc serce noc dzień życie świat mój moja moje twój twoja twoje jego jej nas bo więc by był była są
        o tam tu te ten ta""",
    "Turkish": """ve bir bu şu o ben sen biz siz onlar ne ki de da için icin gibi kadar çok cok daha en var yok değil
        degil mi mı ile ama her hiç hic seni beni sana bana benim senin onu ona gece gün gun kalp kalbim aşk ask
        hayat dünya dunya sevgi sevgilim olsun oldu şimdi simdi sonra nasıl neden zaman gel gitme""",
    "Finnish": """ja on ei se että minä sinä hän me te he mun sun minun sinun en et oli ovat ole kun kuin jos mutta
        niin vain nyt vielä aina koskaan kaikki mitä missä kuka miksi rakkaus sydän yö päivä elämä maailma sua mua
        mulle sulle olen olet tää tämä""",
    "Hungarian": """a az és nem is egy ez hogy én te ő mi ti ők meg de van volt már csak mint ha még kell lesz most
        itt ott soha mindig minden semmi szerelem szív szívem éj éjszaka nap élet világ engem téged vagy vagyok nekem
        neked mert""",
    "Czech or Slovak": """a je se si na v ve že to ne není já ty on ona my vy mě mi tě ti jsem jsi jsou být byl byla
        ale jak když kde kdo proč jen už ještě vždy nikdy všechno nic láska srdce noc den život svět můj moje tvůj
        tvoje pro za od přes bez tak som si sa nie čo ako keď""",
    "Romanian": """și si să sa nu că ca un o de la pe cu în in din ce cum când cand unde cine eu tu el ea noi voi ei
        mă te îți imi îmi este e sunt ești esti am ai are dar mai doar toate nimic niciodată mereu dragoste iubire
        inima inimă noapte zi viață viata lume pentru fără fara acum aici""",
    "Indonesian or Malay": """yang dan di ke dari ini itu aku kau kamu dia kita kami mereka tidak tak bukan ada akan
        sudah telah untuk dengan pada dalam hati cinta malam hari hidup dunia seperti jika bila karena saja lagi
        selalu semua bisa ingin mau pergi datang ku mu nya""",
    "Tagalog": """ang ng mga sa na at ay ko mo ka ako ikaw siya kami tayo sila hindi wala may kung pero lang din rin
        naman puso pag-ibig mahal kita gabi araw buhay mundo ito iyan paano bakit kahit para akin iyo""",
    "Swahili": """na ya wa kwa ni la za katika yangu yako wangu wako mimi wewe yeye sisi hii hiyo kama lakini nini
        sana moyo upendo usiku siku maisha dunia kila bila mpenzi nakupenda""",
    "Hindi": """hai hain ho hoon tu tum tera tere teri mera mere meri main mein ko ka ki ke se ne kya kyun nahi nahin
        bhi hi aur jo woh yeh ye dil pyar ishq raat din zindagi duniya tujhe mujhe tumhe hum kabhi sab kuch
        koi jaise""",
    "Japanese": """wa ga wo ni de no mo ka ne yo kara made dake kimi boku watashi ore anata kono sono ano kokoro yume
        ai yoru asa hoshi sora ima itsumo demo dakara nai desu masu suru shite itte aishiteru suki koto mono""",
    "Latin": """et in est non cum ad ut quod qui quae quam sed ex ab de per sicut deus domine dominus tuum meum mea
        tua nobis vobis sanctus gloria aeternam luceat semper nunc sine atque""",
    "Vietnamese": """anh em là và không có một của cho với trong này đó tôi ta yêu tình đêm ngày người những khi thì
        mà đã đang sẽ được đi về như""",
}
"""Small words of languages written in Latin letters. What English has too is left out when they are read."""
SHARED = listed(
    """a i in is it no me he she we do so to as an am on or at be by us all man men hat was will die war over under
    son pour mine her for from of that there the and you one min had ben van want wit were been out are has hem hi ho
    ha oh la na da ma te mo ya wa ay ne din pay more may bad mal mas sin con fin dim ran nun till bare alt den dig
    fast sans par mon sur plus main my co tam ten ask gel come see go up ton chi dan um er ex per solo mia gloria
    dove also ale hum made ego here any hell mit note bent door met hoe hart gun sun vain most mint nap volt ore pro
    mere demo til hay mahal mina asa mono encore hindi ella teri hari kara ska jen jos mai nic nada vie el las
    los"""
)
"""They say nothing: English and its cries have them as well."""
LETTERS = {
    "German": "ß",
    "Polish": "ąęłżźśćń",
    "Turkish": "ğışİ",
    "Hungarian": "őű",
    "Czech or Slovak": "řůěťďňľ",
    "Romanian": "țţăș",
    "Portuguese": "ãõ",
    "Spanish": "¿¡ñ",
    "Vietnamese": "đơư",
}
"""Letters that only these languages have: a word with one of them counts as a small word."""
TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
VIETNAMESE = re.compile("[\u1ea0-\u1ef9]")


def _table() -> dict[str, tuple[str, ...]]:
    """Each small word and the languages that have it."""
    table: dict[str, tuple[str, ...]] = {}
    for language, words in SMALL_WORDS.items():
        for word in listed(words) - SHARED - ENGLISH:
            table[word] = (*table.get(word, ()), language)
    return table


LANGUAGES = _table()
BY_LETTER = {letter: language for language, letters in LETTERS.items() for letter in letters}


def foreign_language(text: str) -> str | None:
    """The language of `text`, by its English name, if it is surely another than English. Linear in the length."""
    words = [word.replace("’", "'") for word in TOKEN.findall(text.lower())]
    if len(words) < FEWEST:
        return None
    found: dict[str, list[str]] = {}
    english = 0
    for word in words:
        if word in ENGLISH:
            english += 1
            continue
        languages = LANGUAGES.get(word, ())
        if not word.isascii():
            marked = {BY_LETTER[letter] for letter in word if letter in BY_LETTER}
            languages = (*languages, *({"Vietnamese"} if VIETNAMESE.search(word) else marked))
        for language in set(languages):
            found.setdefault(language, []).append(word)
    if not found:
        return None
    language = max(found, key=lambda name: len(found[name]))
    count = len(found[language])
    telling = any(len(word) > len("la") or not word.isascii() for word in found[language])  # "do re mi" tells nothing
    sure = (
        telling
        and len(set(found[language])) >= REMARKABLE
        and count >= SHARE * len(words)
        and count > OUTWEIGH * english
    )
    return language if sure else None
