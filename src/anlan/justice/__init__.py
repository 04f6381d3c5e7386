"""Justice: cases shared by administration, police, procuratorate and court. Today the rules of their time limits."""
