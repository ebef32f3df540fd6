"""What learners say about what they learn: questions, answers, ratings."""
