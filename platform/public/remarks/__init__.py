"""What learners say of courses, looked over by the platform and shown to all enterprises without naming one."""
