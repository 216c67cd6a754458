import {
  to = tavus_pal_tools.guide
  id = "p5317866"
}
