import {
  to = tavus_pal_skill.canvas
  identity = {
    pal_id   = "p5317866"
    skill_id = "magic_canvas"
  }
}
