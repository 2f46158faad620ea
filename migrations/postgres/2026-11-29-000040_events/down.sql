DROP TABLE saoma_events;
