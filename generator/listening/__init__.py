"""Hears what a given sound is: how a piece of music goes, the notes of a tune, and what kind of sound it is at all.

    heard = sound(samples, rate)
    music(heard)        tempo, beats, bars, key, chords, parts
    melody(heard)       the notes of one voice and its phrases
    kind(heard)         silence, noise, speech, drums, applause, one voice, music

Takes decoded samples and knows nothing of files; `CannotHear` says in a sentence what cannot be told. Pure: the same
samples give the same answer, and nothing is read or written.
"""
