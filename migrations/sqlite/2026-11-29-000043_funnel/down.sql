DROP TABLE saoma_funnel;
