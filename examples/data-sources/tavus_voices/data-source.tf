data "tavus_voices" "all" {}

output "voices" {
  value = { for voice in data.tavus_voices.all.voices : voice.voice_id => voice.name }
}
