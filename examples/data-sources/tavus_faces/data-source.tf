data "tavus_faces" "ours" {
  face_type = "user"
}

output "ready" {
  value = [for face in data.tavus_faces.ours.faces : face.name if face.status == "completed"]
}
