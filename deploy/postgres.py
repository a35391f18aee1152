"""Run a program of PostgreSQL's on the database of DATABASE_URL: python deploy/postgres.py pg_dump WORDS…

The password goes into its environment: the words of a command can be read by everybody on the machine.
"""

import os
import sys

from psycopg.conninfo import conninfo_to_dict, make_conninfo

address = conninfo_to_dict("postgresql://" + os.environ["DATABASE_URL"].partition("://")[2])
password = address.pop("password", None)
environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
os.execvpe(sys.argv[1], [*sys.argv[1:], f"--dbname={make_conninfo(**address)}"], environment)
