"""Addresses of offline classes."""

from django.urls import path

from apps.plans.classes.views import arranging, learner, resources, running

urlpatterns = [
    path("console/classes", arranging.listing, name="console-classes"),
    path("console/classes/new", arranging.arrange, name="console-class-new"),
    path("console/classes/trainers", resources.trainers, name="console-trainers"),
    path("console/classes/trainers/add", resources.trainer, name="console-trainer-add"),
    path("console/classes/trainers/<uuid:uuid>", resources.trainer, name="console-trainer"),
    path("console/classes/trainers/<uuid:uuid>/archive", resources.archive_trainer, name="console-trainer-archive"),
    path("console/classes/trainers/<uuid:uuid>/files/<uuid:file>", resources.trainer_file, name="console-trainer-file"),
    path("console/classes/rooms", resources.rooms, name="console-rooms"),
    path("console/classes/rooms/add", resources.room, name="console-room-add"),
    path("console/classes/rooms/<uuid:uuid>", resources.room, name="console-room"),
    path("console/classes/rooms/<uuid:uuid>/archive", resources.archive_room, name="console-room-archive"),
    path("console/classes/<uuid:uuid>", running.klass, name="console-class"),
    path("console/classes/<uuid:uuid>/change", arranging.rearrange, name="console-class-change"),
    path("console/classes/<uuid:uuid>/cancel", arranging.cancel, name="console-class-cancel"),
    path("console/classes/<uuid:uuid>/seats", arranging.seat, name="console-class-seat"),
    path("console/classes/<uuid:uuid>/seats/<uuid:seat>/remove", arranging.unseat, name="console-class-unseat"),
    path("console/classes/<uuid:uuid>/seats/<uuid:seat>/mark", running.mark, name="console-class-mark"),
    path("console/classes/<uuid:uuid>/seats/<uuid:seat>/correct", running.correct, name="console-class-correct"),
    path("console/classes/<uuid:uuid>/screen", running.screen, name="console-class-screen"),
    path("console/classes/<uuid:uuid>/submit", running.submit, name="console-class-submit"),
    path("console/classes/<uuid:uuid>/decide", running.decide, name="console-class-decide"),
    path("console/classes/<uuid:uuid>/files", running.attach, name="console-class-attach"),
    path("console/classes/<uuid:uuid>/files/<uuid:file>", running.file, name="console-class-file"),
    path("console/classes/<uuid:uuid>/files/<uuid:file>/remove", running.remove_file, name="console-class-file-remove"),
    path("console/classes/<uuid:uuid>/sheet.pdf", running.sheet, name="console-class-sheet"),
    path("console/classes/<uuid:uuid>/record", running.class_record, name="console-class-record"),
    path("learn/classes", learner.own_classes, name="learn-classes"),
    path("learn/classes/<uuid:uuid>", learner.own_class, name="learn-class"),
]
