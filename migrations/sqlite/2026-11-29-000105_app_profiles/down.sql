DROP TABLE saoma_app_profiles;
