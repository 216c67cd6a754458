terraform import tavus_pal.guide p5317866
