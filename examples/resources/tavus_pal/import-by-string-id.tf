import {
  to = tavus_pal.guide
  id = "p5317866"
}
