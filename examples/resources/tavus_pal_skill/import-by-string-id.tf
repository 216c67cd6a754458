import {
  to = tavus_pal_skill.canvas
  id = "p5317866/magic_canvas"
}
