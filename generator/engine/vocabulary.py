"""The words of prompts, sorted by what they tell. Data for `brief`; idioms name their own words in `idioms`."""

from __future__ import annotations

from .score import Metre, Mood


def listed(words: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(words.split())


def in_order(words: str) -> tuple[str, ...]:
    """The words of a text, in their order."""
    return tuple(words.split())


NAMING = listed(
    """pop rock punk metal ballad house edm techno trance synthwave synthpop lofi lo-fi hiphop hip-hop rap trap drill
    reggae dub ska jazz swing blues bossa bossanova bossa-nova samba soul funk disco rnb r&b folk acoustic country
    bluegrass cinematic orchestral ambient"""
)
"""They name an idiom outright and outweigh words that only colour it."""

AMBIGUOUS = listed("house rock swing soul pop country blues metal trap drill folk dance island beach night rain rainy")
"""What a song is about speaks for no idiom by these: they are things and places too."""

SLOW = listed("slow slowly calm gentle quiet dreamy lullaby sleepy peaceful")
FAST = listed("fast uptempo up-tempo energetic driving frantic hectic racing lively")
MINOR = listed(
    """sad dark angry lonely minor mysterious heartbreak heartbroken restless haunting melancholy melancholic gloomy
    grief moody brooding tragic sorrow bitter ominous bittersweet"""
)
MAJOR = listed("happy cheerful joyful bright sunny major uplifting hopeful upbeat playful funny celebration")
MOODS: dict[Mood, frozenset[str]] = {
    "happy": listed("happy cheerful joyful joyous sunny bright celebration celebratory feelgood merry glad"),
    "hopeful": listed("hopeful uplifting inspiring optimistic triumphant heroic encouraging"),
    "playful": listed("playful funny quirky silly whimsical bouncy bubbly humorous"),
    "tender": listed("tender romantic love loving intimate sweet warm wedding sensual affectionate"),
    "calm": listed("calm gentle quiet peaceful relaxed relaxing mellow soothing serene chill soft laid-back"),
    "dreamy": listed("dreamy ethereal hazy floating nostalgic wistful dreamlike airy"),
    "lullaby": listed("lullaby sleepy bedtime cradle"),
    "sad": listed(
        """sad lonely heartbreak heartbroken melancholy melancholic grief tragic sorrow sorrowful bitter bittersweet
        mournful homesick"""
    ),
    "dark": listed("dark gloomy brooding ominous moody haunting haunted sinister spooky eerie"),
    "mysterious": listed("mysterious mystical enigmatic"),
    "angry": listed("angry aggressive furious rage raging rebellious"),
    "energetic": listed(
        "energetic upbeat driving frantic hectic lively epic powerful anthemic danceable restless uptempo up-tempo"
    ),
}
"""Words of each mood."""
SHORT = listed("short brief tiny jingle snippet ringtone")
TINY_AFTER = listed("story stories film hair skirt skirts tempered memory memories time")
"""After "short" and "brief" they tell of something else than the song."""

DANCES: dict[str, Metre] = {
    "waltz": "3/4",
    "waltzes": "3/4",
    "waltzing": "3/4",
    "minuet": "3/4",
    "mazurka": "3/4",
    "landler": "3/4",
    "jig": "6/8",
    "jigs": "6/8",
    "shanty": "6/8",
    "shanties": "6/8",
    "barcarolle": "6/8",
    "tarantella": "6/8",
    "doo-wop": "6/8",
    "march": "4/4",
    "polka": "4/4",
    "reel": "4/4",
}
"""Dances and songs that have a metre of their own. Lullabies have one of two, see `brief`."""
LEANINGS: dict[str, tuple[str, ...]] = {
    "waltz": ("folk", "ballad", "jazz", "cinematic"),
    "minuet": ("cinematic",),
    "mazurka": ("folk",),
    "jig": ("folk",),
    "jigs": ("folk",),
    "reel": ("folk",),
    "shanty": ("folk",),
    "shanties": ("folk",),
    "barcarolle": ("ballad",),
    "tarantella": ("folk",),
    "polka": ("country", "folk"),
    "march": ("cinematic",),
    "lullaby": ("ballad", "folk"),
    "doo-wop": ("soul", "pop"),
    "hymn": ("ballad",),
    "carol": ("ballad", "folk"),
    "chanson": ("ballad", "jazz"),
    "serenade": ("bossa", "ballad"),
    "classical": ("cinematic",),
    "tango": ("bossa", "jazz"),
    "flamenco": ("bossa",),
    "salsa": ("bossa",),
    "mariachi": ("bossa",),
    "chiptune": ("synthwave",),
    "8-bit": ("synthwave",),
    "schlager": ("pop",),
    "barbershop": ("jazz",),
    "dnb": ("house",),
}
"""Where a prompt names no idiom, such a word leaves it to a few."""
PACES: dict[str, tuple[int, int]] = {
    "punk": (150, 172),
    "metal": (140, 160),
    "thrash": (160, 180),
    "techno": (126, 134),
    "trance": (132, 140),
    "dnb": (168, 176),
    "jungle": (160, 168),
    "disco": (112, 120),
    "blues": (80, 104),
    "ska": (126, 142),
    "bebop": (150, 180),
    "boom-bap": (86, 94),
    "trip-hop": (80, 92),
    "bluegrass": (122, 140),
}
"""Beats a minute of kinds within an idiom that are clearly slower or faster than the rest of it."""

FEMALE = listed("female females soprano feminine alto mezzo diva songstress girlband female-fronted")
MALE = listed("male males tenor baritone masculine boyband crooner male-fronted")
WOMEN = listed("woman women girl girls lady ladies she her mother grandmother sister sisters queen")
MEN = listed("man men boy boys guy guys gentleman he him father grandfather brother brothers sailor sailors cowboy")
"""People sing a song or are in it: these words tell of the singer only beside a word of `VOICES`."""
VOICES = listed(
    "voice voices vocal vocals singer singers sings singing sung vocalist lead group band choir rapper rapping fronted"
)
BREATHY = listed("breathy whisper whispered whispering whispery intimate airy asmr")
YOUNG = listed("young girl girls teen teenage child childlike children children's kid kids")
HUSKY = listed("alto husky mezzo smoky contralto raspy")
DEEP = listed("deep baritone old low gravelly booming")
DUET = listed("duet duets")

PLAIN = listed(
    """a an the and or but of to in on at for with from by about as is are was be been it its this that these those i me
    my we us our you your he she they them his her their some any all one like very really so too just into over under
    song songs track tune music piece make create write give want need would please sing sung singing singer vocals
    vocal voice voices lyrics female male woman man instrumental no not without bpm tempo key major minor short long
    slow fast style genre vibe feel feeling feels mood sound sounds theme themes featuring feat beat beats melody chorus
    verse bridge hook catchy version cover full minute minutes second seconds called titled named where which who when
    how what there has have will can could should do does did up down out more most less than then also only around
    between during through after before while inspired modern classic old-school simple beautiful nice good great best
    new driving strong soft warm light heavy big small little deep high low guitar guitars piano drums drum bass synth
    synths strings violin sax saxophone organ brass horns trumpet flute ukulele harp banjo kick snare hats pads arpeggio
    distorted electric brushed muted hip hop epic film trailer soundtrack
    i'm i'd i'll i've mid-tempo only power chords indie grunge slap tight walking smooth jam anthem banger unplugged
    fingerpicked soundscape evolving neo-classical number year change goes spoken climax
    solo duet trio quartet string build finish finale ending endings end ends throughout fade half double double-time
    half-time acapella boom-bap dnb gospel drone explosive verses choruses quiet loud bpm irish time signature lead-in
    children's children adult old rock'n'roll eine ein mit und der die das con del los las una avec les des une com uma
    nova flat sharp two three four five get gets got let lets someone something
    """
)
"""They are not what a song is about."""
FUNCTION = listed(
    """a an the and or but nor of to in on at for with from by about as is are was were be been it its this that these
    those i me my mine we us our you your yours he she they them his her hers their some any all so too into over under
    who whom which where when how what there has have had will can could should do does did not no without then than if
    while up down out off just very really like one's"""
)
"""Of what a song is about these alone are left out."""
THINGS = listed(
    """drums drum percussion beat beats drummer bass bassline piano pianos keys keyboard keyboards organ guitar guitars
    strings violin violins orchestra cello pads pad synth synths choir vocals vocal voice voices singing singer lyrics
    words saxophone sax trumpet brass horns flute harp instruments band solo solos"""
)
"""Nouns for what plays and sings."""
JOINED: dict[str, str] = {
    "drum and bass": "dnb",
    "drum & bass": "dnb",
    "drum n bass": "dnb",
    "drum'n'bass": "dnb",
    "hip hop": "hip-hop",
    "lo fi": "lo-fi",
    "bossa nova": "bossa-nova",
    "r & b": "r&b",
    "r and b": "r&b",
    "rhythm and blues": "r&b",
    "big band": "bigband",
    "boom bap": "boom-bap",
    "trip hop": "trip-hop",
    "new wave": "new-wave",
    "doo wop": "doo-wop",
    "neo soul": "neo-soul",
    "laid back": "laid-back",
    "up tempo": "uptempo",
    "up-tempo": "uptempo",
    "synth wave": "synthwave",
    "synth pop": "synthpop",
    "a cappella": "acapella",
    "a capella": "acapella",
    "acappella": "acapella",
    "half time": "half-time",
    "halftime": "half-time",
    "double time": "double-time",
    "doubletime": "double-time",
    "k-pop": "pop",
    "kpop": "pop",
    "j-pop": "pop",
    "jpop": "pop",
    "synth-pop": "synthpop",
    "nothing but": "only",
    "nothing else": "only",
    "girl band": "girlband",
    "boy band": "boyband",
    "rock and roll": "rock",
    "rock & roll": "rock",
    "rock 'n' roll": "rock",
    "rock n roll": "rock",
}
"""What is written apart or in several ways and is one thing."""
FOREIGN: dict[str, str] = {
    "ohne": "without",
    "sans": "without",
    "senza": "without",
    "sem": "without",
    "gitarre": "guitar",
    "gitarren": "guitars",
    "guitarra": "guitar",
    "guitarras": "guitars",
    "guitare": "guitar",
    "guitares": "guitars",
    "chitarra": "guitar",
    "klavier": "piano",
    "pianoforte": "piano",
    "schlagzeug": "drums",
    "bateria": "drums",
    "batterie": "drums",
    "batteria": "drums",
    "geige": "violin",
    "violon": "violin",
    "violino": "violin",
    "trompete": "trumpet",
    "trompette": "trumpet",
    "trompeta": "trumpet",
    "streicher": "strings",
    "cordes": "strings",
    "cuerdas": "strings",
    "walzer": "waltz",
    "valse": "waltz",
    "vals": "waltz",
    "valzer": "waltz",
    "valsa": "waltz",
    "wiegenlied": "lullaby",
    "berceuse": "lullaby",
    "langsam": "slow",
    "langsame": "slow",
    "langsames": "slow",
    "lent": "slow",
    "lente": "slow",
    "lenta": "slow",
    "schnell": "fast",
    "schnelles": "fast",
    "rapido": "fast",
    "rapide": "fast",
    "traurig": "sad",
    "trauriges": "sad",
    "triste": "sad",
    "alegre": "happy",
    "frohlich": "happy",
    "frohliches": "happy",
    "joyeux": "happy",
    "joyeuse": "happy",
    "femenina": "female",
    "weibliche": "female",
    "weiblich": "female",
    "masculina": "male",
    "mannliche": "male",
    "mannlich": "male",
    "stimme": "voice",
    "voix": "voice",
    "voce": "voice",
    "voz": "voice",
    "kurz": "short",
    "kurzes": "short",
    "corta": "short",
    "court": "short",
    "courte": "short",
    "balada": "ballad",
    "ballade": "ballad",
    "ballata": "ballad",
}
"""The commonest words for music in German, French, Spanish, Italian and Portuguese, without accents."""
