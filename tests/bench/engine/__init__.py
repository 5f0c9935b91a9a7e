"""What a song costs: both takes of a vocal song of two minutes, beside the `fluidsynth` command line playing its notes.

    python -m tests.bench.engine                three songs, stages and fluidsynth (about two minutes)
    python -m tests.bench.engine --songs 1 --no-stages

The songs are made as the site makes them, by two worker processes. Others' load is printed with every row, because on
a machine that does something else as well only CPU seconds can be compared. fluidsynth (Debian: apt-get install
fluidsynth) plays the band alone, from the same bank, without voice, mix and MP3.
"""
