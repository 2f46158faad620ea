DROP TABLE saoma_merges;
