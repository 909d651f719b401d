mod films;
