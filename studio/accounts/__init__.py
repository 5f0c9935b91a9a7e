"""People: who they are and how they come in. Sign-up, sign-in and reset are django-allauth's."""
