"""Space: map layers, the river network, where a project may stand. Today the rules of siting."""
