DROP TABLE saoma_journal;
