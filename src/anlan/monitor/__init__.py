"""Monitoring: sites, frames, readings, assessments."""
