"""The words of prompts, sorted by what they tell. Data for `brief`; idioms name their own words in `idioms`."""

from __future__ import annotations

from .score import Mood


def listed(words: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(words.split())


def in_order(words: str) -> tuple[str, ...]:
    """The words of a text, in their order."""
    return tuple(words.split())


NAMING = listed(
    """pop rock punk metal ballad house edm techno trance synthwave synthpop lofi lo-fi hiphop hip-hop rap trap drill
    reggae dub ska jazz swing blues bossa bossanova bossa-nova samba soul funk disco rnb r&b folk acoustic country
    bluegrass cinematic orchestral"""
)
"""They name an idiom outright and outweigh words that only colour it."""

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

FEMALE = listed("female soprano feminine alto mezzo diva")
MALE = listed("male tenor baritone masculine")
WOMEN = listed("woman women girl girls lady ladies")
MEN = listed("man men boy boys guy guys gentleman")
"""People sing a song or are in it: these words tell of the singer only beside a word of `VOICES`."""
VOICES = listed("voice vocal vocals singer singers sings singing sung vocalist lead group band")
BREATHY = listed("breathy whisper whispered whispering intimate airy")
YOUNG = listed("young girl teen teenage child childlike kid")
HUSKY = listed("alto husky mezzo smoky")
DEEP = listed("deep baritone bass old low gravelly")

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
    nova flat sharp two three four five get gets got let lets someone something
    """
)
"""They are not what a song is about."""
