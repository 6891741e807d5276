"""The settings of the measured server: the shipped ones, with the addresses that only a measurement needs."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
