"""From a platform's download to submitted/: who handed in what, decided in the open and never by executing anything."""
