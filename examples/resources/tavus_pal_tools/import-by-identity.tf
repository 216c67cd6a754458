import {
  to = tavus_pal_tools.guide
  identity = {
    pal_id = "p5317866"
  }
}
