"""Consultation: drafts, opinions, replies, published results. Today its rules."""
