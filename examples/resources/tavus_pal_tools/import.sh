# The ID is that of the PAL. All tools that are attached to it come into the state.
terraform import tavus_pal_tools.guide p5317866
