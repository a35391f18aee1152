"""Make the virtual environment with a Python of 3.11 or newer, or say what to install."""

import subprocess
import sys
import venv

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed; call `make PYTHON=python3.11 …`.")
folder = sys.argv[1]
try:
    venv.create(folder, with_pip=True)
except subprocess.CalledProcessError:
    sys.exit("Python's venv module is incomplete. On Debian: apt-get install python3-venv")
