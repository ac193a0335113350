"""The stand-in as a program of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]


def test_it_says_where_it_is_answers_and_stops_when_told():
    program = [sys.executable, "-m", "stand_ins.eid", "--port", "0"]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            base_url = process.stdout.readline().split()[-1]
            found = requests.get(f"{base_url}/citizen/.well-known/openid-configuration", timeout=5).json()
            assert found["issuer"] == f"{base_url}/citizen"
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert "Traceback" not in process.stderr.read()
