"""Justice: cases shared between administration, police, procuratorate and court. Today the rules of their time limits."""
