import {
  to = tavus_pal.guide
  identity = {
    pal_id = "p5317866"
  }
}
