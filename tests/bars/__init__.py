"""What every page and state is held to, in real Chromium beside a library of 500 songs: axe, Lighthouse, weight.

    make bars                      print the tables and write them to tests/bars/TABLE.md
    python -m tests.bars --only axe

Needs node for Lighthouse; `make bars` fetches axe and Lighthouse.
"""
