"""What ransomware leaves: files under another name that are noise, and a note beside them."""
import os
import time

os.makedirs("/srv/data", exist_ok=True)
for number in range(30):
    with open(f"/srv/data/report-{number}.docx.locked", "wb") as file:
        file.write(os.urandom(20_000))
with open("/srv/data/HOW_TO_RECOVER_FILES.txt", "w") as note:
    note.write("All your files have been encrypted. To decrypt them pay 0.5 bitcoin and write to recover@example.invalid\n")
print("ready", flush=True)
while True:
    time.sleep(1)
