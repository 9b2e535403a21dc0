"""What manifests in a repository ask for, where nobody types a command: Flux, Argo CD, and charts that wrap others."""
