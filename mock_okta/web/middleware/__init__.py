"""What happens to every request: it is logged, its origin judged, its errors rendered."""
