data "tavus_face" "guide" {
  name       = "Docs Studio"
  face_type  = "system"
  model_name = "phoenix-4.5"
}

output "face_id" {
  value = data.tavus_face.guide.face_id
}
