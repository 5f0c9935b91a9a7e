#!/usr/bin/env python
"""Duplet's command line: `manage.py serve` runs the site, `manage.py song` makes a song at the terminal."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    execute_from_command_line(sys.argv)
