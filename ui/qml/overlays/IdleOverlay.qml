import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Are you still here? Any touch says yes.
Overlay {
    id: root

    contentHeight: column.implicitHeight
    name: "idle"

    onPressedBeside: Idle.touch()

    ColumnLayout {
        id: column

        spacing: 28
        width: parent.width

        CountdownRing {
            Layout.alignment: Qt.AlignHCenter
            objectName: "idle:ring"
            share: Idle.remaining / Math.max(1, Idle.total)
            size: Theme.elder ? 280 : 240
            thickness: 20
            time: Idle.remaining
            unit: Words.t["idle.seconds"]
        }
        Title {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            text: Words.t[Idle.reason === "card" ? "idle.card" : "idle.title"]
        }
        Txt {
            Layout.bottomMargin: 20
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: Sizes.body
            horizontalAlignment: Text.AlignHCenter
            text: Words.t["idle.text"]
        }
        Answers {
            Layout.fillWidth: true
            main: Words.t["idle.stay"]
            mainName: "idle:stay"
            other: Flow.frame.canLeave ? Words.t["idle.leave"] : ""
            otherName: "idle:leave"

            onMainPressed: Idle.touch()
            onOtherPressed: Flow.leave()
        }
    }
}
