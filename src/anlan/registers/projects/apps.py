"""The pages of the project library; its rows are those of the registers."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Pages over the registers of projects."""

    name = "anlan.registers.projects"
    label = "projects"
