terraform import tavus_pal_skill.canvas 'p5317866/magic_canvas'
